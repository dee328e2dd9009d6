"""From a site's bytes to candidate URLs: robots.txt, sitemaps, feeds, listings. Pure: no network, no clock."""
