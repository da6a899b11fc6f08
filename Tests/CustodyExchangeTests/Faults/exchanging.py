"""The sandbox and processes that exchange, for the soak and the fault matrix."""
import json, os, select, signal, subprocess, sys, time, urllib.request

# Who starts this may block or ignore signals, and children would inherit that.
signal.pthread_sigmask(signal.SIG_SETMASK, [])
signal.signal(signal.SIGINT, signal.default_int_handler)


# How long anybody is waited for. It is no measure: a busy machine must not fail a test.
PATIENCE = 600
# Of this process's environment, what a command that is tested is started with. LD_PRELOAD makes its passphrases cheap.
INHERITED = {name: os.environ[name] for name in ("PATH", "LD_PRELOAD") if name in os.environ}


def fail(text):
    print(os.path.basename(sys.argv[0]) + ": " + text, file=sys.stderr)
    sys.exit(1)


def await_that(condition, otherwise):
    """Waits until something is so, which no event tells."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            fail(otherwise)
        time.sleep(0.02)


class Sandbox:
    def __init__(self, products, folder):
        port = folder + "/port"
        self.process = subprocess.Popen([products + "/kaizala-sandbox", "--port-file", port],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_that(lambda: os.path.exists(port), "the sandbox did not start")
        self.base = f"http://127.0.0.1:{open(port).read().strip()}"

    def ask(self, path, body):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        return json.loads(urllib.request.urlopen(request, timeout=PATIENCE).read())

    def realm(self, **options):
        return Realm(self, self.ask("/sandbox/oauth", options))


class Realm:
    def __init__(self, sandbox, given):
        self.sandbox, self.given = sandbox, given

    def __call__(self, call, **body):
        return self.sandbox.ask(f"/sandbox/oauth/{self.given['realm']}/{call}", body)

    def new_token(self):
        return self("grant")["refresh_token"]

    def found_vault(self, products, folder, provider):
        given = self.given
        words = [provider, given["token_endpoint"], given["client_id"], given["client_secret"], self.new_token()]
        subprocess.run([products + "/custody-benchmark", "soak-found", "0", folder], check=True, text=True,
                       input="\n".join(words) + "\n")


class Worker:
    """A process that has unlocked the vault of a folder, and does what it is told, a line each."""

    def __init__(self, products, folder, under=()):
        self.process = subprocess.Popen([*under, products + "/custody-benchmark", "soak", "0", folder],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def begin(self):
        if self.line() != "ready":
            fail("a process did not start")
        return self

    def line(self, limit=PATIENCE):
        ready, _, _ = select.select([self.process.stdout], [], [], limit)
        return self.process.stdout.readline().strip() if ready else None

    def say(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def ask(self, words):
        self.say(words)
        return self.line()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def attached(worker, *words):
    """strace on a process that is at rest: it counts from here on."""
    tracer = subprocess.Popen(["strace", "-f", "-p", str(worker.process.pid), *words], stderr=subprocess.PIPE, text=True)
    for line in tracer.stderr:
        if "attached" in line:
            return tracer
    fail("strace does not attach: may this user trace?")
