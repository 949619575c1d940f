"""The page's files: versioned, compressed, strict about where things come from."""

import gzip

import pytest


def test_the_page_names_its_files_by_version(client):
    page = client.get("/").text
    assert "{assets}" not in page and "{plotly}" not in page
    script = page.partition("<script")[2].partition('src="')[2].partition('"')[0]
    answer = client.get(f"/{script}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(("address", "ancestors"), [("/", "'none'"), ("/docs", "'none'"), ("/embed", "*")])
def test_pages_say_strictly_where_things_come_from(client, address, ancestors):
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert policy.endswith(f"frame-ancestors {ancestors}")
    assert headers["cache-control"] == "no-cache"
    assert headers["x-content-type-options"] == "nosniff"


def test_plotly_comes_from_the_installed_package_compressed(client):
    page = client.get("/").text
    address = "assets/plotly-" + page.partition("assets/plotly-")[2].partition('"')[0]
    with client.stream("GET", f"/{address}", headers={"accept-encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    plain = client.get(f"/{address}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(sent) == plain.content
    assert len(sent) < 0.4 * len(plain.content)
    assert plain.content[:200].find(b"plotly.js") >= 0


@pytest.mark.parametrize("name", ["nothing.js", "../pyproject.toml", "%2e%2e/index.html", ""])
def test_other_files_are_not_served(client, name):
    assert client.get(f"/assets/{name}").status_code == 404


def test_other_sites_may_load_the_files_of_an_embed(client):
    page = client.get("/").text
    script = page.partition("<script")[2].partition('src="')[2].partition('"')[0]
    answer = client.get(f"/{script}", headers={"origin": "null"})
    assert answer.headers["access-control-allow-origin"] == "*"
