"""The spiders: `news` crawls a site, `article` looks at single URLs. Both end in the same parse."""
