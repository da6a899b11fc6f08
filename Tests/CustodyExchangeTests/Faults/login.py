#!/usr/bin/env python3
"""A login by browser, looked at from outside: where its secrets were, and what Ctrl-C leaves.

usage: login.py [--bin FOLDER]

The command runs under strace, a realm of the sandbox is its provider, and this plays the browser. Prints what was found.
"""
import argparse, os, re, signal, subprocess, tempfile, time, urllib.error, urllib.request

from exchanging import INHERITED, PATIENCE, Sandbox, await_that, fail

options = argparse.ArgumentParser()
options.add_argument("--bin", default=".build/debug")
options = options.parse_args()
folder = tempfile.mkdtemp(prefix="custody-login-")
environment = {**INHERITED, "HOME": folder, "CUSTODY_VAULT": folder + "/vault.db",
               "CUSTODY_PASSPHRASE_COMMAND": "echo four own words of ada"}
custody = options.bin + "/custody"


def run(*words, status=0):
    done = subprocess.run([custody, *words], env=environment, text=True, capture_output=True)
    if done.returncode != status:
        fail(f"{words}: {done.returncode}, {done.stderr}")
    return done.stdout + done.stderr


class Login:
    """The command, waiting for a browser."""

    def __init__(self, name, under=()):
        self.process = subprocess.Popen([*under, custody, "token", "store", name, "--reach", "tenant", "--login", "--yes"],
                                        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.said = ""
        while "code_challenge=" not in self.said:
            line = self.process.stderr.readline()
            if not line:
                fail("it ended: " + self.said)
            self.said += line
        self.url = re.search(r"http://127\.0\.0\.1:\d+/oauth/\S*code_challenge=\S+", self.said).group()
        self.port = re.search(r"redirect_uri=http%3A%2F%2F127\.0\.0\.1%3A(\d+)", self.url).group(1)

    def browse(self):
        with urllib.request.urlopen(self.url, timeout=PATIENCE) as page:
            self.page, self.came = page.read().decode(), page.geturl()

    def end(self):
        out, err = self.process.communicate(timeout=PATIENCE)
        self.said += out + err
        return self.process.returncode


def files(where):
    for parent, _, names in os.walk(where):
        for name in names:
            with open(os.path.join(parent, name), "rb") as file:
                yield os.path.join(parent, name), file.read()


sandbox = Sandbox(options.bin, folder)
realm = sandbox.realm()
given = realm.given
with open(folder + "/secret", "w") as file:
    file.write(given["client_secret"])
run("init", "--name", "ada")
run("connector", "register", "crm", "--provider", "oauth2", "--issuer", given["issuer"], "--id", given["client_id"],
    "--from-file", folder + "/secret")

# Every system call with all of its bytes. What it reads from its sockets is the one place where tokens may be.
trace = tempfile.mkstemp(prefix="custody-trace-")[1]
login = Login("contoso/crm", ["strace", "-f", "-v", "-s", "1000000", "-o", trace])
login.browse()
if login.end() != 0:
    fail("the login failed: " + login.said)
[token] = realm("report")["live"]
code = re.search(r"[?&]code=([^&]+)", login.came).group(1)
secrets = {"refresh token": re.escape(token), "access token": r"\bat-[A-Za-z0-9_-]{16,}", "code": re.escape(code)}
with open(trace, errors="replace") as file:
    lines = file.read().splitlines()
os.unlink(trace)
arrived = [line for line in lines if token in line]
if not arrived or not any(re.search(secrets["access token"], line) for line in arrived):
    fail("strace did not see the tokens arrive: this test sees nothing")
for name, text in secrets.items():
    for line in lines:
        call = re.match(r"\d+ +(?:<\.\.\. )?(\w+)", line)
        sends = name == "code" and call and call.group(1) in ("sendto", "send")
        if re.search(text, line) and not sends and not (call and call.group(1) in ("recvfrom", "recv", "read")):
            fail(f"the {name} is in a call: {line[:200]}")
    if re.search(text, login.said + login.page):
        fail(f"the {name} was printed")
    for path, content in files(folder):
        if re.search(text.encode(), content):
            fail(f"the {name} is in {path}")
print(f"refresh token, access token and code: in {len(arrived)} reads from a socket, and in no file, argument or output")

# Ctrl-C while nobody has come: nothing is stored, nobody listens.
login = Login("fabrikam/crm")
login.process.send_signal(signal.SIGINT)
if login.end() != -signal.SIGINT:
    fail("Ctrl-C did not end the wait")
run("token", "show", "fabrikam/crm", status=3)
try:
    urllib.request.urlopen(f"http://127.0.0.1:{login.port}/callback", timeout=PATIENCE)
    fail("somebody listens after Ctrl-C")
except (urllib.error.URLError, ConnectionError):
    pass

# Ctrl-C while the provider's answer is out: it is kept first, or a token would live that nobody has.
realm("fault", fault="slow", seconds=5)
asked = realm("report")["requests"]
login = Login("northwind/crm")
login.browse()
await_that(lambda: realm("report")["requests"] > asked, "it asked nobody for its tokens")
login.process.send_signal(signal.SIGINT)
if login.end() != -signal.SIGINT:
    fail("Ctrl-C was forgotten")
run("token", "show", "northwind/crm")
if len(realm("report")["live"]) != 2:
    fail("a token lives that nobody has, or none does")
run("log", "verify")
print("Ctrl-C before the browser came left nothing; Ctrl-C during the exchange left a token in the vault")
sandbox.process.terminate()
