#!/usr/bin/env python3
"""Feeds and maps of the sites in a directory, read by programs that are not ours. Standard library;
feedparser too, where it is installed.

    feeds.py SITES
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")


def need(condition, what):
    if not condition:
        sys.exit(f"bad: {what}")


def atom(path):
    feed = ET.parse(path).getroot()
    need(feed.tag == ATOM + "feed", f"{path}: no feed")
    seen = set()
    for node in [feed, *feed.findall(ATOM + "entry")]:
        for name in ("id", "title", "updated"):
            need(len(node.findall(ATOM + name)) == 1, f"{path}: {name} is wanted once")
        need(RFC3339.match(node.findtext(ATOM + "updated")), f"{path}: a date")
        need(node.findtext(ATOM + "id") not in seen, f"{path}: an id stands twice")
        seen.add(node.findtext(ATOM + "id"))
        need(node.find(f"{ATOM}link[@rel='alternate']") is not None, f"{path}: no link")
    need(feed.find(f"{ATOM}link[@rel='self']") is not None, f"{path}: no address of its own")
    need(feed.find(ATOM + "author") is not None, f"{path}: no author")
    return [entry.find(ATOM + "link").get("href") for entry in feed.findall(ATOM + "entry")]


def json_feed(path):
    feed = json.loads(path.read_text(encoding="utf-8"))
    need(feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"], f"{path}: no JSON feed")
    for item in feed["items"]:
        need(item["id"] and item["content_text"] and RFC3339.match(item["date_published"]), f"{path}: an item")
    return [item["url"] for item in feed["items"]]


def main(sites):
    feeds = urls = 0
    for site in sorted(p for p in pathlib.Path(sites).iterdir() if p.is_dir()):
        for path in sorted(site.rglob("feed.xml")):
            need(atom(path) == json_feed(path.with_suffix(".json")), f"{path}: the two feeds differ")
            feeds += 1
            try:
                import feedparser
            except ImportError:
                continue
            read = feedparser.parse(path.read_bytes())
            need(not read.bozo and read.version == "atom10", f"{path}: {read.get('bozo_exception')}")
        index = ET.parse(site / "sitemap.xml").getroot()
        need(index.tag == MAP + "sitemapindex", f"{site}: no index of maps")
        base = index[0].findtext(MAP + "loc").rsplit("/", 2)[0]
        listed = set()
        for part in index:
            part = site / part.findtext(MAP + "loc")[len(base) + 1:]
            for url in ET.parse(part).getroot():
                path = url.findtext(MAP + "loc")[len(base) + 1:]
                path = path + "index.html" if path == "" or path.endswith("/") else path
                need((site / path).is_file(), f"{part}: {path} is not there")
                listed.add(path)
        urls += len(listed)
        for path in site.rglob("*-*.html"):
            gone = 'content="noindex"' in path.read_text(encoding="utf-8")
            canonical = re.search(r'rel="canonical" href="[^"]*?//[^/]*/([^"]*)"', path.read_text(encoding="utf-8"))
            need(gone or canonical.group(1) in listed, f"{path} is on no map")
        need((site / "robots.txt").read_text().rstrip().endswith("/sitemap.xml"), f"{site}: robots.txt")
    print(f"ok {feeds} feeds, {urls} addresses")


if __name__ == "__main__":
    main(sys.argv[1])
