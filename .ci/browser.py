"""Checks of every page of the demo in a browser: reflow, forced colours, keyboard, axe; that a brief is one sheet, a full tray's too; that the
box shows in a page of another origin.

Chromium is driven by its protocol (CDP) over a pipe: NUL-ended JSON on file descriptors 3 and 4.
"""
import base64
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

NARROW, HIGH = 320, 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A word as long as nobody writes one, in the place of the first word of every text that is not in a box that scrolls.
LONG = "W" * 90
OVERFLOW = """(() => {
  const scrolls = e => { for (; e && e !== document.documentElement; e = e.parentElement) {
    const s = getComputedStyle(e); if (/auto|scroll|hidden|clip/.test(s.overflowX) && e !== document.body) return true; } return false; };
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth) {
    for (const e of document.body.querySelectorAll('*')) {
      const r = e.getBoundingClientRect();
      if (r.width && r.right > innerWidth + 1 && !scrolls(e.parentElement)) out.push(e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '') + ' ' + Math.round(r.right));
    }
    out.unshift('width ' + document.documentElement.scrollWidth);
  }
  return out.slice(0, 6);
})()"""
LENGTHEN = """(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = []; while (walker.nextNode()) texts.push(walker.currentNode);
  for (const t of texts) if (t.data.trim() && !t.parentElement.closest('svg, pre, script, style, .region, select')) t.data = '%s ' + t.data;
})()""" % LONG
FOCUS = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const r = e.getBoundingClientRect(), s = getComputedStyle(e);
  const look = s => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.textDecorationLine].join('|');
  window.__n = window.__n || 0;
  if (!e.dataset.tried) e.dataset.tried = ++window.__n;
  let marks = look(s);
  let inner = e.querySelector && e.querySelector('.hot, .halo'); if (inner) marks += getComputedStyle(inner).fill;
  return {n: +e.dataset.tried, name: e.tagName.toLowerCase() + ' ' + (e.id || e.className.baseVal || e.className || '') + ' ' + (e.textContent || e.name || '').trim().slice(0, 30),
    seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth, marks};
})()"""
UNMARKED = """(() => {
  const look = s => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.textDecorationLine].join('|');
  const out = {}; document.activeElement && document.activeElement.blur();
  for (const e of document.querySelectorAll('[data-tried]')) {
    let marks = look(getComputedStyle(e)); const inner = e.querySelector('.hot, .halo'); if (inner) marks += getComputedStyle(inner).fill;
    out[e.dataset.tried] = marks;
  }
  return out;
})()"""
# What a page is for, and how far down it may begin, by the width of the window.
FIRST = {".voice": {390: 600}, ".hits.close > li": {390: 600, 1280: 500}}
TOP = "(() => { const e = document.querySelector(%s); return e && Math.round(e.getBoundingClientRect().top + scrollY); })()"
TABBABLE = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true}) && !(e.type === 'radio')).length"""
INVISIBLE = """(() => {
  const out = [];
  for (const e of document.querySelectorAll('a, button, input, summary, label, h1, h2, h3, p, th, td')) {
    if (!e.checkVisibility() || !e.textContent.trim()) continue;
    let b = e, back; do { back = getComputedStyle(b).backgroundColor; b = b.parentElement; } while (b && /, 0\\)$|transparent/.test(back));
    if (getComputedStyle(e).color === back) out.push(e.tagName.toLowerCase() + ' ' + e.textContent.trim().slice(0, 30));
  }
  for (const e of document.querySelectorAll('.govuk-button, .govuk-input')) {
    const s = getComputedStyle(e);
    if (e.checkVisibility() && (s.borderTopStyle === 'none' || s.borderTopWidth === '0px')) out.push('no border: ' + e.textContent.trim().slice(0, 30));
  }
  return out.slice(0, 6);
})()"""


# Four quotations as long as any may be: a sheet has room for them.
FULL = """(() => {
  const text = 'Nobody answers the booking line any more, and the bus back goes before the clinic closes. '.repeat(4).slice(0, 300);
  const quotes = document.querySelector('.brief-quotes');
  while (quotes.children.length && quotes.children.length < 4) quotes.append(quotes.lastElementChild.cloneNode(true));
  for (const p of quotes.querySelectorAll('blockquote p')) p.textContent = text;
})()"""

FULL_TRAY = """(() => {
  for (const p of document.querySelectorAll('.brief-quotes blockquote p')) {
    const text = p.textContent.trim();
    p.textContent = (text + ' ').repeat(Math.ceil(300 / (text.length + 1))).slice(0, %d);
  }
})()"""


class Browser:
    def __init__(self, folder):
        down, up = os.pipe(), os.pipe()
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
                   "--user-data-dir=%s" % folder, "--no-first-run", "--hide-scrollbars", "about:blank"]

        def pipes():
            # First out of the way of 3 and 4, which one of the ends may have.
            read, write = os.dup(down[0]), os.dup(up[1])
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(command, preexec_fn=pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down[0])
        os.close(up[1])
        self.out, self.back, self.held, self.n, self.session = down[1], up[0], b"", 0, None
        self.log = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(domain + ".enable")
        self.ask("Page.setBypassCSP", enabled=True)

    def read(self):
        while b"\0" not in self.held:
            more = os.read(self.back, 1 << 16)
            if not more:
                raise RuntimeError("Chromium ended")
            self.held += more
        one, _, self.held = self.held.partition(b"\0")
        return json.loads(one)

    def ask(self, method, **params):
        self.n += 1
        message = {"id": self.n, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            got = self.read()
            if got.get("id") == self.n:
                if "error" in got:
                    raise RuntimeError("%s: %s" % (method, got["error"]))
                return got["result"]
            self.log.append(got)

    def run(self, script):
        got = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(json.dumps(got["exceptionDetails"])[:400])
        return got["result"].get("value")

    def open(self, address):
        self.log.clear()
        self.ask("Page.navigate", url=address)
        while not any(one.get("method") == "Page.loadEventFired" for one in self.log):
            self.log.append(self.read())

    def width(self, width):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=HIGH, deviceScaleFactor=1, mobile=width < 600)

    def media(self, *features):
        self.ask("Emulation.setEmulatedMedia", features=[{"name": name, "value": value} for name, value in features])

    def tab(self):
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def sheets(self):
        """Pages of what the printer gets, with and without the graphics of the background."""
        counts = []
        for graphics in (True, False):
            pdf = base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=graphics)["data"])
            counts.append(len(re.findall(rb"/Type\s*/Page(?![A-Za-z])", pdf)))
        return counts

    def shot(self, file):
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))

    def close(self):
        self.process.terminate()
        self.process.wait(10)


def keyboard(browser):
    """Every control is reached by Tab, in the page's own order, seen, and looks otherwise while it has the focus."""
    faults, marks, first = [], {}, None
    wanted = browser.run(TABBABLE)
    for _ in range(2 * min(wanted, 400) + 10):
        browser.tab()
        at = browser.run(FOCUS)
        if at is None:
            break
        # A field for a day has several stops of its own.
        if at["n"] in marks:
            continue
        first = first or at["name"]
        marks[at["n"]] = (at["name"], at["marks"])
        if not at["seen"]:
            faults.append("not in sight with focus: " + at["name"])
    if "skip" not in (first or ""):
        faults.append("Tab goes first to %r, not to the link that skips to the content" % first)
    if len(marks) < min(wanted, 400):
        faults.append("%d of %d controls are reached by Tab" % (len(marks), wanted))
    plain = browser.run(UNMARKED)
    for n, (name, look) in marks.items():
        if plain.get(str(n)) == look:
            faults.append("looks the same with focus: " + name)
    return faults[:6]


def axe(browser, source):
    browser.run(source + "; undefined")
    got = browser.run("axe.run(document, {runOnly: %s, resultTypes: ['violations']}).then(r => r.violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.target.join(' ') + ': ' + n.html.slice(0, 120))]))" % json.dumps(RULES))
    return ["%s (%s): %s" % (rule, words, " | ".join(nodes)) for rule, words, nodes in got]


def fetched(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def pages(site):
    api = site + "/api/v1"
    drawn = fetched(api + "/map")
    topic, word = drawn["topics"][0]["id"], urllib.parse.quote(drawn["topics"][0]["label"].split()[0])
    week = drawn["weeks"][-2]["start"]
    hits = fetched(api + "/search?limit=3")["items"]
    found, tray = hits[0], "tray=" + ".".join(hit["id"] for hit in hits)
    networks = fetched(api + "/networks?limit=100")["items"]
    slug = networks[0]["slug"]
    area = urllib.parse.quote(next(one["areas"][0]["slug"] for one in networks if one["areas"]))
    return ["/", "/search", "/search?q=blood+tests", "/search?q=zzzz", "/search?q=%28", "/search/print?q=blood", "/compare", "/compare?q=blood&q2=bus", "/compare?q=blood&q2=bus&q3=pharmacy&q4=dentist&q5=parking",
            "/tray", "/tray?" + tray, "/tray/brief?" + tray, "/tray/brief?print=large&" + tray, "/search?q=blood&" + tray, "/topics/%s?%s" % (topic, tray),
            "/topics", "/topics?rank=quiet", "/topics/" + topic, "/topics/" + topic + "/brief", "/topics/" + topic + "/brief?print=large", "/topics/" + topic + "/answers", "/topics/" + topic + "/answers/write", "/search/brief?q=blood", "/topics/" + topic + "/package", "/search/package?q=blood",
            "/topics/changes", "/topics/matrix", "/topics/matrix?rank=enduring", "/topics/warnings", "/digest", "/digest?print=large", "/digest?q=blood", "/topics?rank=enduring&area=" + area, "/search?q=blood&area=" + area,
            "/map", "/map?level=0", "/map?level=2", "/map?q=" + word, "/map?topic=" + topic, "/map?week=" + week, "/paths", "/paths?from=" + topic + "&to=" + found["id"],
            "/networks", "/networks/" + slug, "/missing", "/conversations/" + found["id"], "/object", "/object?post=" + found["id"], "/register", "/owner/login",
            "/about", "/bot", "/privacy", "/accessibility", "/api", "/transparency", "/problems", "/problems/query-syntax", "/nothing-here"]


MIDDLES = """[...document.querySelectorAll('svg.pic .node > a')].map(a => { const r = a.querySelector('circle:not(.ring)').getBoundingClientRect();
  return [r.left + r.width / 2, r.top + r.height / 2]; })"""
LIT = "[...document.querySelectorAll('svg.pic .near')].map(e => +getComputedStyle(e).opacity)"
PAPER = 718  # A4 without its margins, in CSS pixels


def hover(browser):
    """Pointing at a topic of the map shows its neighbours and the reason, and nobody else's; no script has a part in it."""
    browser.run("document.querySelector('svg.pic .node')?.scrollIntoView({block: 'center'})")
    faults = []
    middles = [(n, x, y) for n, (x, y) in enumerate(browser.run(MIDDLES)) if 0 < x < 1280 and 0 < y < HIGH]
    for n, x, y in middles[:5]:
        browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        lit = browser.run(LIT)
        if [at for at, opacity in enumerate(lit) if opacity == 1] != [n]:
            faults.append("pointing at topic %d lights %s" % (n, [at for at, opacity in enumerate(lit) if opacity]))
    browser.ask("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)
    return faults


def printed(browser):
    """Nothing is cut off on paper."""
    browser.ask("Emulation.setEmulatedMedia", media="print", features=[])
    browser.width(PAPER)
    faults = browser.run(OVERFLOW.replace("auto|scroll|hidden|clip", "hidden|clip"))
    browser.ask("Emulation.setEmulatedMedia", media="", features=[])
    return faults


def in_languages(site):
    """Pages in Welsh, and in Urdu from right to left."""
    topic = fetched(site + "/api/v1/map")["topics"][0]["id"]
    tray = "tray=" + ".".join(hit["id"] for hit in fetched(site + "/api/v1/search?language=ur&limit=3")["items"])
    return ["/cy/", "/cy/topics/" + topic, "/ur/", "/ur/search?q=blood+tests", "/ur/register", "/ur/tray?" + tray, "/ur/tray/brief?" + tray]


FILL = "(() => { const e = document.querySelector('#%s'); e.value = '%s'; })()"
TICK = "document.querySelector('#%s').checked = true"
# Answers of somebody who adds a site: what is done with the question, and whether the next page says that it was wrong.
STEPS = [
    ("an address with a space", FILL % ("address", "https://forum a.example/"), True),
    ("an address", FILL % ("address", "https://forum.example.org/t/"), False),
    ("no group", "undefined", True),
    ("a group", TICK % "groups", False),
    ("titles alone", TICK % "excerpts", False),
    ("no place for the proof", "undefined", True),
    ("a file", TICK % "method", False),
]


def answered(browser, script):
    """Sends the form of a page after `script` filled it in, and waits for the next page."""
    browser.run(script)
    browser.log.clear()
    browser.run("document.querySelector('main form').requestSubmit(document.querySelector('main form button.govuk-button')); undefined")
    while not any(one.get("method") == "Page.loadEventFired" for one in browser.log):
        browser.log.append(browser.read())


def form_steps(browser, address, source, shots):
    """Every page of a registration up to the proof: what is wrong is said in the title, and links to the field."""
    faults = []
    browser.media()
    browser.width(1280)
    browser.open(address)
    for n, (what, script, wrong) in enumerate(STEPS):
        answered(browser, script)
        found = axe(browser, source)
        title, summary = browser.run("document.title"), browser.run("document.querySelector('.govuk-error-summary a')?.hash || ''")
        if title.startswith("Error:") != wrong:
            found.append("the title is %r" % title)
        if wrong and not (summary and browser.run("!!document.querySelector(%s)" % json.dumps(summary))):
            found.append("the summary leads to %r" % summary)
        if browser.run("!!document.querySelector('main input:checked')"):
            found.append("an answer is preset")
        browser.width(NARROW)
        found += browser.run(OVERFLOW)
        if shots:
            for width in (390, 1280):
                browser.width(width)
                browser.shot(shots / ("register-%d-%d.png" % (n + 1, width)))
        browser.width(1280)
        faults += ["after %s: %s" % (what, one) for one in found]
    return faults


def first_content(browser, address):
    """What readers came for stands on the first screen; a sheet in large print is for paper."""
    if "print=large" in address:
        return []
    faults = []
    for width in (390, 1280):
        browser.width(width)
        browser.open(address)
        for selector, limits in FIRST.items():
            top = browser.run(TOP % json.dumps(selector))
            if top is not None and top > limits.get(width, top):
                faults.append("%s begins at %d at a width of %d" % (selector, top, width))
    return faults


STAGES = ["heard", "heard", "answered", "answered", "decided", "decided", "changed", "heard", "answered", "decided"]
SAID = {"en": "From Monday two walk-in mornings a week come back, and people without an e-mail address can book by phone. " * 3,
        "ur": "پیر سے ہفتے میں دو صبح بغیر اپائنٹمنٹ کے خون کے ٹیسٹ واپس آ رہے ہیں، اور جن کے پاس ای میل نہیں وہ فون کریں۔ " * 3}


def answered_briefs(browser, site, binary, data):
    """The brief of a topic with 3, 6 and 10 long answers, all with a day that is due, is one sheet in every language of the pages."""
    topic = fetched(site + "/api/v1/topics?rank=emerging")["items"][0]["id"]
    keys = []
    for holder in ("The Health Board of Wexmoor and its Community Services Directorate", "Ashmere City Council"):
        made = subprocess.run([binary, "admin", "--data", str(data), "key", "add", "--holder", holder, "--purpose", "to answer", "--scope", "answer:write"], capture_output=True, text=True, check=True)
        keys.append(re.search("disc_[0-9a-f]{8}_[0-9a-f]{64}", made.stdout + made.stderr).group())
    faults = []
    for n, stage in enumerate(STAGES):
        due = time.strftime("%Y-%m-%d", time.gmtime(time.time() + (n + 10) * 86400))
        entry = {"stage": stage, "text": SAID["ur" if n % 3 == 2 else "en"], "due": due}
        headers = {"content-type": "application/json", "authorization": "Bearer " + keys[n % 2]}
        urllib.request.urlopen(urllib.request.Request(site + "/api/v1/topics/%s/answers" % topic, json.dumps(entry).encode(), headers), timeout=30).close()
        if n + 1 not in (3, 6, 10):
            continue
        for language in ("", "/cy", "/ur"):
            browser.open(site + language + "/topics/%s/brief" % topic)
            as_it_is = browser.sheets()
            browser.run(FULL)
            full = browser.sheets()
            if as_it_is + full != [1, 1, 1, 1]:
                faults.append("a brief with %d answers (%s) takes %s sheets, %s with long quotations" % (n + 1, language or "/en", as_it_is, full))
    return 9, faults


def briefs(browser, site):
    """Every listed topic's brief, and a search's, is one sheet of A4, however long what is quoted."""
    listed = [topic["id"] for rank in ("emerging", "enduring", "quiet") for topic in fetched(site + "/api/v1/topics?rank=" + rank)["items"]]
    faults = []
    browser.media()
    browser.width(1280)
    for path in ["/topics/%s/brief" % topic for topic in listed] + ["/search/brief", "/search/brief?q=blood+tests"]:
        browser.open(site + path)
        as_it_is = browser.sheets()
        browser.run(FULL)
        full = browser.sheets()
        if as_it_is + full != [1, 1, 1, 1]:
            faults.append("%s takes %s sheets, %s with long quotations" % (path, as_it_is, full))
    # Trays of every size, of what is demanding to set: each quotation as long as the sheet lets it be.
    for language in ("en", "ur"):
        hits = fetched(site + "/api/v1/search?limit=20&language=" + language)["items"]
        for size in (1, 10, 11, 20):
            path = "/tray/brief?tray=" + ".".join(hit["id"] for hit in hits[:size])
            browser.open(site + path)
            as_it_is = browser.sheets()
            browser.run(FULL_TRAY % (300 if size <= 10 else 2600 // size))
            full = browser.sheets()
            if as_it_is + full != [1, 1, 1, 1]:
                faults.append("a tray of %d (%s) takes %s sheets, %s with long quotations" % (len(hits[:size]), language, as_it_is, full))
    return len(listed) + 10, faults


BOX = "[document.querySelectorAll('.widget li a').length, document.querySelector('.widget') ? getComputedStyle(document.querySelector('.widget')).borderTopWidth : '']"


def boxed(browser, site, topic):
    """What the box shows in a sandboxed frame of a page of another origin: links, and the width of its upper border."""
    frame = '<!doctype html><title>Another site</title><iframe src="%s/topics/%s?embed=1" title="box" sandbox="allow-popups allow-popups-to-escape-sandbox" width="480" height="420"></iframe>' % (site, topic)

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(frame.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        browser.open("http://localhost:%d/" % other.server_address[1])
        seen = None
        for _ in range(20):
            time.sleep(0.25)
            children = browser.ask("Page.getFrameTree")["frameTree"].get("childFrames", [])
            own = [one for one in browser.ask("Target.getTargets")["targetInfos"] if one["type"] == "iframe" and "embed=1" in one["url"]]
            if own:
                # A frame with a process of its own has a session of its own.
                page, browser.session = browser.session, browser.ask("Target.attachToTarget", targetId=own[0]["targetId"], flatten=True)["sessionId"]
                try:
                    seen = browser.run(BOX)
                finally:
                    browser.session = page
            elif children:
                world = browser.ask("Page.createIsolatedWorld", frameId=children[0]["frame"]["id"])["executionContextId"]
                seen = browser.ask("Runtime.evaluate", expression=BOX, contextId=world, returnByValue=True)["result"].get("value")
            if seen and seen[0]:
                break
        other.shutdown()
    return seen


def checked(browser, address, source):
    faults = []
    note = lambda what, found: faults.extend("%s: %s" % (what, one) for one in found)
    browser.media()
    browser.width(1280)
    browser.open(address)
    note("axe", axe(browser, source))
    note("keyboard", keyboard(browser))
    browser.media(("prefers-color-scheme", "dark"))
    note("axe, dark", [one for one in axe(browser, source) if one.startswith("color-contrast")])
    browser.media(("forced-colors", "active"))
    note("forced colours", browser.run(INVISIBLE))
    browser.media()
    if "/map" in address and "week=" not in address:
        browser.open(address)
        note("pointing", hover(browser))
    note("print", printed(browser))
    note("first content", first_content(browser, address))
    browser.width(NARROW)
    note("320 px", browser.run(OVERFLOW))
    browser.run(LENGTHEN)
    note("320 px, long words", browser.run(OVERFLOW))
    return faults


def main():
    binary, library = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
    shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    work = pathlib.Path(tempfile.mkdtemp(prefix="discover-browser-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site = "http://127.0.0.1:%d" % probe.getsockname()[1]
    with open(work / "demo.log", "w") as log:
        demo = subprocess.Popen([binary, "demo", "--data", str(work / "data"), "--listen", site[7:]], stdout=log, stderr=log)
    browser, failed = None, 0
    try:
        end = time.monotonic() + 90
        while True:
            try:
                if fetched(site + "/readyz")["status"] == "ready" and fetched(site + "/api/v1/topics")["items"]:
                    break
            except (OSError, IndexError):
                pass
            if time.monotonic() > end or demo.poll() is not None:
                sys.exit("the demo is not ready: " + (work / "demo.log").read_text()[-600:])
            time.sleep(0.5)
        browser = Browser(work / "profile")
        addresses = pages(site) + in_languages(site)
        for path in addresses:
            faults = checked(browser, site + path, library)
            failed += bool(faults)
            print("%s %s" % ("WRONG" if faults else "ok   ", path), flush=True)
            for fault in faults:
                print("      " + fault)
            if shots:
                name = path.strip("/").replace("/", "-").replace("?", "_").replace("%", "") or "home"
                for width in (390, 1280):
                    browser.width(width)
                    browser.open(site + path)
                    browser.shot(shots / ("%s-%d.png" % (name, width)))
        faults = form_steps(browser, site + "/register", library, shots)
        failed += bool(faults)
        print("%s /register, question by question" % ("WRONG" if faults else "ok   "))
        for fault in faults:
            print("      " + fault)
        printed, faults = briefs(browser, site)
        more, wrong = answered_briefs(browser, site, binary, work / "data")
        printed, faults = printed + more, faults + wrong
        failed += bool(faults)
        for fault in faults:
            print("WRONG " + fault)
        seen = boxed(browser, site, fetched(site + "/api/v1/topics")["items"][0]["id"])
        if not seen or not seen[0] or seen[1] != "4px":
            failed += 1
            print("WRONG the box in a page of another origin shows %s" % seen)
        print("%d pages, %d briefs printed, %d wrong" % (len(addresses), printed, failed))
    finally:
        if browser:
            browser.close()
        demo.terminate()
        demo.wait(20)
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
