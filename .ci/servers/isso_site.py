"""A blog of two pages with Isso below it, as a reverse proxy would put them on one host."""
import pathlib
import sys

from isso import config, make_app
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import run_simple
from werkzeug.wrappers import Response

FOLDER, PORT = pathlib.Path(sys.argv[1]), int(sys.argv[2])
PAGES = {"/": "<a href='/news/1/'>The ford</a>", "/news/1/": "<h1>The ford at Mill Lane</h1><div id='isso-thread'></div>", "/news/2/": "<h1>Other news</h1>"}


def pages(environ, start_response):
    page = PAGES.get(environ["PATH_INFO"])
    head = "<!doctype html><html><head><title>Town news</title></head><body>"
    answer = Response(head + page if page else "not here", 200 if page else 404, mimetype="text/html")
    return answer(environ, start_response)


def door(app):
    """The whole site may be closed to visitors, as its owner would do it in the proxy."""
    def wrapped(environ, start_response):
        word = FOLDER / "closed"
        status = word.read_text().strip() if word.exists() else "no"
        if status.isdigit() and environ["REQUEST_METHOD"] == "GET":
            return Response("closed", int(status))(environ, start_response)
        return app(environ, start_response)
    return wrapped


conf = config.load(config.default_file(), str(FOLDER / "isso.cfg"))
run_simple("127.0.0.1", PORT, door(DispatcherMiddleware(pages, {"/isso": make_app(conf, threading=True)})), threaded=True)
