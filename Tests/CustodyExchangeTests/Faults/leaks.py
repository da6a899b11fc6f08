#!/usr/bin/env python3
"""A provider that says secrets back in every spelling, in every kind of reply: none of it is in what the built tool prints,
in what it writes down, or in what is left of a process that crashed while it waited.

usage: leaks.py [--bin FOLDER]     prints how many runs of the tool there were
"""
import argparse, base64, html, json, os, resource, shutil, signal, subprocess, tempfile, time, urllib.parse

from exchanging import await_that
from tool import SECRETS, Authority, Server, Tool, fail

options = argparse.ArgumentParser()
options.add_argument("--bin", default=".build/debug")
options = options.parse_args()


def lower_escapes(text):
    return "".join(c if c.isalnum() else "".join("%%%02x" % b for b in c.encode()) for c in text)


def spelled(text):
    basic = base64.b64encode(f"client-1:{urllib.parse.quote_plus(text)}".encode()).decode()
    return [text, urllib.parse.quote_plus(text), urllib.parse.quote(text, safe=""), lower_escapes(text), json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1], html.escape(text), "Basic " + basic, text[6:], text[:-3]]


# What no spelling changes, and the part of the Basic credentials that holds the end of the secret.
TELLING = [SECRETS["secret"][-8:], SECRETS["token"][-10:], SECRETS["access"][3:],
           base64.b64encode(f"client-1:{urllib.parse.quote_plus(SECRETS['secret'])}".encode()).decode()[12:]]
said_back = spelled(SECRETS["token"]) + spelled(SECRETS["secret"])
access = SECRETS["access"]


def replies(words):
    """Status, headers, body."""
    error = dict(error="invalid_grant", error_description=f"bad token: {words}!", hint=words)
    yield 400, [], json.dumps(error).encode()
    yield 400, [], json.dumps(dict(error=words, error_description=words)).encode()
    yield 401, [], json.dumps(dict(error="invalid_client", error_description=words)).encode()
    yield 500, [], f"<html>{words}</html>".encode()
    yield 429, [["Retry-After", words.encode("ascii", "ignore").decode()]], json.dumps(error).encode()
    yield 308, [["Location", "https://elsewhere.example/" + urllib.parse.quote(words)]], b""
    yield 200, [], f"not JSON: {words}".encode()
    yield 200, [], json.dumps(dict(access_token=access, expires_in=words)).encode()
    yield 200, [], json.dumps(dict(access_token=[access], expires_in=3600)).encode()
    yield 200, [], json.dumps(dict(error="invalid_grant", error_description=words, access_token=access)).encode()
    yield 200, [["Content-Type", words.encode("ascii", "ignore").decode()]], words.encode()


def look(what, some):
    for part in TELLING:
        if part.encode() in some:
            fail(f"{what}: {part} is in {some}")


def files(folder):
    for path, _, names in os.walk(folder):
        for name in names:
            if name not in ("passphrase", "member"):
                yield os.path.join(path, name)


server = Server()
tools = [Tool(options.bin, f"http://127.0.0.1:{server.port}/token", provider) for provider in ("oauth2", "zoom")]
runs = 0
try:
    for number, words in enumerate(said_back):
        for status, headers, body in list(replies(words))[number % 4 :: 4]:
            server.script("token", body, status, headers)
            done = tools[runs % 2].exchange(*(["--json"] if number % 2 else []))
            runs += 1
            shown = done.stdout
            if done.returncode == 0:
                # What is odd beside an access token takes nothing from it: it alone may be in the output.
                given = json.loads(shown)["access_token"] if number % 2 else shown.decode()
                if not given.startswith("at-"):
                    fail(f"{status} {body}: no error")
                shown = shown.replace(given.encode(), b"")
            look(f"{status} {body}", shown)
            look(f"{status} {body}", done.stderr)
    last = urllib.parse.parse_qs(server.seen("token")[-1].split(b"\r\n\r\n")[1].decode())
    if last["refresh_token"] != [SECRETS["token"]]:
        fail("the provider was not shown the token")
    for tool in tools:
        for command in (["log", "show"], ["token", "show", "tenant/crm-sync"], ["token", "due", "--all"], ["connector", "list"]):
            done = tool.run(*command, "--json")
            runs += 1
            if command[0] == "log" and b"token.exchange" not in done.stdout + done.stderr and done.returncode != 0:
                fail(f"{command}: {done.stderr}")
            look(command, done.stdout + done.stderr)
        for file in files(tool.folder):
            look(file, open(file, "rb").read())

    # A crash while it waits leaves no core, whatever the shell allows.
    server.script("token", behave="silent")
    asked = len(server.seen("token"))
    waiting = subprocess.Popen(tools[0].command("token", "exchange", "tenant/crm-sync", "--fresh", "--ask-again", "--reveal"),
                               env=tools[0].environment(), cwd=tools[0].folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)))
    await_that(lambda: len(server.seen("token")) > asked, "it asked nobody")
    limits = open(f"/proc/{waiting.pid}/limits").read()
    if "Max core file size 0 0" not in " ".join(limits.split()):
        fail("a core is allowed: " + limits)
    waiting.send_signal(signal.SIGABRT)
    look("a crash", b"".join(waiting.communicate()))
    if waiting.returncode != -signal.SIGABRT or [name for name in files(tools[0].folder) if os.path.basename(name).startswith("core")]:
        fail(f"it ended with {waiting.returncode}, or left a core")

    # A variable for debuggers has libcurl write down the keys of its connections. The command that is run after has it still.
    folder = tempfile.mkdtemp(prefix="custody-keys.")
    authority = Authority(folder, "localhost")
    secure = Server("--tls", *authority.server)
    secure.script("token", b'{"access_token":"at-1","expires_in":3600}')
    tools.append(Tool(options.bin, f"https://localhost:{secure.port}/token"))
    done = tools[-1].exchange("--ca-file", authority.file, SSLKEYLOGFILE=folder + "/keys")
    if done.stdout != b"at-1" or os.path.exists(folder + "/keys"):
        fail(f"the keys of its connections were written down, or it failed: {done.stderr}")
    command = tools[-1].command("exec", "--env", "A=tenant/crm-sync#access-token")
    done = subprocess.run(command + ["--", "sh", "-c", 'echo "$A $SSLKEYLOGFILE"'], capture_output=True,
                          env=tools[-1].environment(SSLKEYLOGFILE=folder + "/keys"))
    if done.stdout != f"at-1 {folder}/keys\n".encode():
        fail(f"the command has another environment: {done.stdout} {done.stderr}")
    runs += 2
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{runs} runs against a provider that says secrets back: none was shown or written down; a crash left no core")
finally:
    for tool in tools:
        shutil.rmtree(tool.folder, ignore_errors=True)
