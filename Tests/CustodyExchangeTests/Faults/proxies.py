#!/usr/bin/env python3
"""Proxies of the environment: which is taken, what it sees, and what is said of one that fails.

usage: proxies.py [--bin FOLDER]     prints how many runs of the tool there were
"""
import argparse, base64, json, os, shutil, subprocess, sys, tempfile

from exchanging import Worker
from tool import HERE, SECRETS, Authority, Server, Tool, fail

options = argparse.ArgumentParser()
options.add_argument("--bin", default=".build/debug")
options = options.parse_args()
PASSWORD = "hunter2-of-the-proxy"
folder = tempfile.mkdtemp(prefix="custody-proxies.")
authority = Authority(folder, "provider.test")
server, plain = Server("--tls", *authority.server), Server()
for one in (server, plain):
    one.script("token", b'{"access_token":"at-1","expires_in":3600}')
runs = 0


class Proxy:
    def __init__(self, manner, port=0):
        self.process = subprocess.Popen([sys.executable, HERE + "/../Servers/proxy.py", manner, str(port)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.url = f"http://user:{PASSWORD}@127.0.0.1:{self.process.stdout.readline().strip()}"

    def seen(self):
        self.process.stdin.write("\n")
        return json.loads(self.process.stdout.readline())


def exchange(tool, what, wanted, *words, **environment):
    """One run: how it ended, and that it shows no password and no secret."""
    global runs
    runs += 1
    done = tool.exchange("--ca-file", authority.file, *words, **environment)
    said = done.stdout + done.stderr
    for secret in (PASSWORD, "dXNlcjpodW50ZXIy", *SECRETS.values()):
        if secret.encode() in said:
            fail(f"{what}: {secret} is shown: {said}")
    if wanted == "ok":
        if done.stdout != b"at-1":
            fail(f"{what}: {said}")
    elif json.loads(done.stderr)["error"]["code"] != wanted:
        fail(f"{what}: not {wanted}: {said}")
    return said.decode()


def saw_nothing(proxy, what):
    """Nothing secret in any of its bytes, and nothing of ours in its greeting but who asks for which host."""
    seen = proxy.seen()
    for part in seen["greetings"] + seen["tunnelled"]:
        for secret in (*SECRETS.values(), "client-1", "refresh", "grant_type"):
            if secret.encode() in base64.b64decode(part):
                fail(f"{what}: the proxy saw {secret}")
    for greeting in seen["greetings"]:
        lines = base64.b64decode(greeting).decode().split("\r\n")
        names = [line.split(":")[0] for line in lines[1:-2]]
        if lines[0] != f"CONNECT {host}:443 HTTP/1.1" or names != ["Host", "Proxy-Authorization", "User-Agent", "Proxy-Connection"]:
            fail(f"{what}: the proxy was told {lines}")
    return seen["connections"]


host = "provider.test"
try:
    tool = Tool(options.bin, "https://provider.test/token")
    # Which variable is taken: as libcurl does, the lower case before the upper, the scheme's before the one for all.
    other = Proxy("403")
    for variables in (["https_proxy"], ["HTTPS_PROXY"], ["all_proxy"], ["ALL_PROXY"], ["https_proxy", "HTTPS_PROXY"],
                      ["https_proxy", "all_proxy"]):
        proxy = Proxy("tunnel", server.port)
        exchange(tool, variables, "ok", **{variables[0]: proxy.url}, **{name: other.url for name in variables[1:]})
        if saw_nothing(proxy, variables) != 1:
            fail(f"{variables}: the proxy was not asked")
    if other.seen()["connections"]:
        fail("the wrong proxy was asked")
    # Which are not taken.
    for environment in (dict(http_proxy=other.url), dict(https_proxy=other.url, no_proxy="provider.test"),
                        dict(https_proxy=other.url, NO_PROXY="other.test,.test"), dict(HTTPS_PROXY=other.url, no_proxy="*")):
        exchange(tool, environment, "unreachable", "--json", **environment)
    for url in (f"http://127.0.0.1:{plain.port}/token", f"http://localhost:{plain.port}/token"):
        exchange(Tool(options.bin, url), url, "ok", http_proxy=other.url, https_proxy=other.url, all_proxy=other.url)
    secure = Authority(folder, "localhost")
    here = Server("--tls", *secure.server)
    here.script("token", b'{"access_token":"at-1","expires_in":3600}')
    authority.file = secure.file
    exchange(Tool(options.bin, f"https://localhost:{here.port}/token"), "https on this machine", "ok", https_proxy=other.url)
    if other.seen()["connections"]:
        fail("a proxy was asked that was not to be")

    # A proxy that does not do its work has no part in what the provider did: there is no doubt about the token.
    host = "zoom.us"
    tool = Tool(options.bin, "https://zoom.us/oauth/token", "zoom")
    for manner, code in [("407", "proxyRefused"), ("403", "proxyRefused"), ("302", "proxyRefused"), ("502", "unreachable"),
                         ("page", "tlsFailed"), ("noise", "unreachable"), ("long", "unreachable"), ("close", "unreachable")]:
        proxy = Proxy(manner)
        exchange(tool, manner, code, "--json", https_proxy=proxy.url)
        saw_nothing(proxy, manner)
    # The tool would wait its half minute for one that is silent; this process is told how long.
    proxy = Proxy("silent")
    os.environ["https_proxy"] = proxy.url
    worker = Worker(options.bin, tool.folder).begin()
    answer = worker.ask("again 1.5")
    worker.kill()
    if not answer.startswith("error timedOut") or PASSWORD in answer or saw_nothing(proxy, "silent") != 1:
        fail(f"silent: {answer}")
    proxy = Proxy("tunnel", Server("--tls", *authority.server).port)
    exchange(tool, "a proxy that listens in", "tlsFailed", "--json", https_proxy=proxy.url)
    saw_nothing(proxy, "a proxy that listens in")
    for url in ("http://user:{}@127.0.0.1:1", "http://user:{}@127.0.0.1:99999", "ftp://user:{}@127.0.0.1:1", "http://us er:{}@[zz]",
                "user:{}/@127.0.0.1:1", "socks5h://user:{}@127.0.0.1:1", "http://{}%zz@nowhere.invalid:1",
                "ftp://user:{}" + "x" * 400 + "@127.0.0.1:1", "https://user:{}@127.0.0.1:" + str(here.port)):
        before = here.tally()["bytes"]
        done = tool.exchange("--json", https_proxy=url.format(PASSWORD))
        runs += 1
        if PASSWORD.encode() in done.stdout + done.stderr or here.tally()["bytes"] != before:
            fail(f"{url}: {done.stderr}")
        if json.loads(done.stderr)["error"]["code"] not in ("proxyRefused", "unreachable", "tlsFailed"):
            fail(f"{url}: {done.stderr}")
    # Had one of them left a doubt, this would say so: Zoom's old tokens are dead.
    done = tool.run("token", "exchange", "tenant/crm-sync", "--fresh", "--reveal", "--json", https_proxy=Proxy("407").url)
    if json.loads(done.stderr)["error"]["code"] != "proxyRefused":
        fail(f"a proxy left a doubt: {done.stderr}")
    print(f"{runs} runs with proxies: none saw a secret, and no password was shown")
finally:
    shutil.rmtree(folder, ignore_errors=True)
