"""A one-off spider of one's own: plain dicts with url, title and body are validated and archived."""

import scrapy


class BulletinSpider(scrapy.Spider):
    """Reads a bulletin whose items all stand on one page, where no article page exists to extract."""

    name = "bulletin"

    def __init__(self, page: str, **kwargs):
        super().__init__(**kwargs)
        self.page = page

    async def start(self):
        yield scrapy.Request(self.page)

    def parse(self, response):
        for item in response.css("section.item"):
            yield {
                "url": response.urljoin(item.attrib["id"]),
                "title": item.css("h2::text").get(),
                "body": "\n\n".join(item.css("p::text").getall()),
                "category": "Bulletin",
                "views": int(item.attrib.get("data-views", 0)),
            }
