"""What Scrapy lacks for a polite crawl of a hostile web. Each module says which setting switches its part on."""
