#!/usr/bin/env python3
"""Each fault of a provider, for each kind of rotation, with the process killed at each point of its exchange.

usage: matrix.py [--bin FOLDER] [--only CLASS] [--points N] [--seed N]

A case: one exchange under the fault, killed by strace at one system call; then exchanges without fault, as a person would
make them. Whatever happened, the provider must never take a retry for theft; the vault must hold a token that the provider
takes, or custody must have said that nobody knows and have kept what it had; and an access token that came out must be on
record. Prints how many cases there were. With --points each fault of each kind is tried at N points, which the seed chooses.
"""
import argparse, os, random, shutil, subprocess, sys, tempfile, time

from exchanging import Sandbox, Worker, attached, fail

options = argparse.ArgumentParser()
options.add_argument("--bin", default=".build/debug")
options.add_argument("--only")
options.add_argument("--points", type=int)
options.add_argument("--seed", type=int, default=1)
options = options.parse_args()

# The preset that is told, what the sandbox does, and whether a retry is safe when an answer was lost.
CLASSES = {
    "never": ("google", dict(rotation="never", client_authentication="post"), True),
    "valid": ("entra", dict(rotation="always", old_token="valid", client_authentication="post"), True),
    "grace": ("xero", dict(rotation="always", old_token="grace", grace_seconds=1800, client_authentication="basic"), True),
    "dead": ("zoom", dict(rotation="always", old_token="dead", client_authentication="basic"), False),
    "optional": ("salesforce", dict(rotation="always", old_token="dead", client_authentication="post"), False),
}
# Name, and whether the provider has done its work before. One that says no in its own words has not; what a server in front
# of it says tells nothing.
FAULTS = [("none", True), ("lost-reply", True), ("lost-reply", False), ("truncated", True), ("drip", True),
          ("slow", True), ("huge", True), ("html", True), ("error-in-200", False), ("308", False), ("429", False),
          ("500", False), ("503", False), ("500-bare", True), ("500-bare", False), ("503-bare", True), ("503-bare", False),
          ("403", False), ("404", False), ("408", False), ("425", False), ("odd-fields", True), ("byte-order-mark", True),
          ("wrong-type", True), ("not-json", True), ("duplicate-keys", True),
          ("no-access-token", True), ("echo", False)]
# A no, after which nothing is in doubt; and replies that are odd beside their tokens, which are used.
NOS = {"308", "429", "500", "503", "403", "404", "408", "425", "echo"}
USED = {"none", "wrong-type", "odd-fields", "byte-order-mark"}
# The system call at which the process is killed: the first of its name, or the first after the answer was read.
KILLS = {"never": None, "before the intent": ("pwrite64", "first"), "before send": ("connect", "first"),
         "while sending": ("sendto", "first"), "after send": ("recvfrom", "first"),
         "before commit": ("pwrite64", "answered"), "at commit": ("fdatasync", "answered"),
         "after commit": ("write", "said")}
# How long an exchange waits: for an answer that never comes, and for one that does, from a machine that may be busy.
SECONDS, ENOUGH = 1.5, 300
NO_ANSWER = {"lost-reply", "drip", "slow"}


class Case:
    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.provider, manner, self.is_safe = CLASSES[name]
        self.sandbox = Sandbox(options.bin, folder)
        self.realm = self.sandbox.realm(reuse_kills_family=True, access_seconds=3600, **manner)
        self.realm.found_vault(options.bin, folder, self.provider)
        self.admin = Worker(options.bin, folder).begin()
        self.places = self.find_places()

    def prepare(self):
        token = self.realm.new_token()
        self.told("rotate " + token)
        return token

    def told(self, words):
        answer = self.admin.ask(words) or "nothing"
        return answer if answer.startswith("ok ") else self.wrong(f"`{words}` says {answer}")

    def wrong(self, text):
        fail(f"{self.name}, {self.fault}, killed {self.kill}: {text}")

    def find_places(self):
        """How many calls of each name come before the ones to be killed at, in an exchange without fault."""
        self.fault, self.kill = "no fault", "never"
        self.prepare()
        worker = Worker(options.bin, self.folder).begin()
        log = self.folder + "/trace"
        names = sorted({place[0] for place in KILLS.values() if place})
        tracer = attached(worker, "-o", log, "-e", "trace=" + ",".join(names))
        if not worker.ask(f"exchange {ENOUGH}").startswith("ok "):
            self.wrong("the exchange fails")
        worker.kill()
        tracer.wait()
        calls = [line.split("(")[0].split()[-1] for line in open(log) if "(" in line]
        answered = max(number for number, call in enumerate(calls) if call == "recvfrom")
        said = max(number for number, call in enumerate(calls) if call == "write")
        count = lambda name, end: calls[:end].count(name) + 1
        return {"first": lambda name: 1, "answered": lambda name: count(name, answered), "said": lambda name: count(name, said)}

    def run(self, fault, acts, kill):
        self.fault, self.kill = f"{fault} ({'after' if acts else 'before'} its work)", kill
        before = self.prepare()
        entries = int(self.told("entries").split()[1])
        self.realm("fault", fault=fault, acts=acts, count=0 if fault == "none" else 1,
                   seconds=8 if fault == "slow" else 1)
        victim, tracer = Worker(options.bin, self.folder).begin(), None
        if KILLS[kill]:
            call, place = KILLS[kill]
            tracer = attached(victim, "-o", "/dev/null", "-e", "trace=" + call, "-e",
                              f"inject={call}:signal=SIGKILL:when={self.places[place](call)}")
        said = victim.ask(f"exchange {SECONDS if fault in NO_ANSWER else ENOUGH}") or ""
        if not said:
            counted["killed"] += 1
        elif kill == "after send" and fault == "none":
            self.wrong("it was not killed")
        victim.kill()
        if tracer:
            tracer.wait()
        self.realm("fault", fault=fault, acts=acts, count=0)
        if kill == "never" and fault in NOS and said.startswith("error outcomeUnknown"):
            self.wrong("a no is told as a doubt: " + said)
        if kill == "never" and fault in USED and not said.startswith("ok "):
            self.wrong("what could be used is thrown away: " + said)
        if said.startswith("ok ") and int(self.told("entries").split()[1]) <= entries:
            self.wrong("an access token came out and is not on record")
        self.recover(fault, before)
        report = self.realm("report")
        if report["family_kills"] or (not self.is_safe and report["reuses"]):
            self.wrong("the provider took a retry for theft")

    def recover(self, fault, before):
        """As a person goes on: once more; where custody says that nobody knows, the admin stores a new one."""
        answer = self.admin.ask(f"exchange {ENOUGH}") or ""
        if answer.startswith(("error throttled", "error providerFailed")):
            time.sleep(1.2)
            answer = self.admin.ask(f"exchange {ENOUGH}") or ""
        if fault == "error-in-200" and answer.startswith("error refusedByProvider"):
            answer = self.admin.ask(f"again {ENOUGH}") or ""
        if answer.startswith("error outcomeUnknown"):
            if self.is_safe:
                self.wrong("custody gave up where a retry was safe: " + answer)
            if self.told("value") != "ok " + before:
                self.wrong("custody does not know how it ended, and has not kept what it had")
            counted["unknown"] += 1
            self.prepare()
            answer = self.admin.ask(f"exchange {ENOUGH}") or ""
        if not answer.startswith("ok "):
            self.wrong("afterwards: " + (answer or "nothing"))
        if self.told("value").removeprefix("ok ") not in self.realm("report")["live"]:
            self.wrong("the token in the vault is not one that the provider takes")


counted = dict(cases=0, killed=0, unknown=0)


def run(name):
    folder = tempfile.mkdtemp(prefix="custody-matrix.")
    case = None
    try:
        case = Case(name, folder)
        chance = random.Random(f"{options.seed} {name}")
        for fault, acts in FAULTS:
            for kill in chance.sample(sorted(KILLS), options.points or len(KILLS)):
                case.run(fault, acts, kill)
                counted["cases"] += 1
        print(f"{name}: {counted['cases']} cases, {counted['killed']} killed on the way, "
              f"{counted['unknown']} of which nobody could know the end")
    finally:
        if case:
            case.sandbox.process.kill()
        subprocess.run(["pkill", "-9", "-f", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


if options.only:
    run(options.only)
else:
    # Each kind for itself: most of the time is waiting.
    words = ["--points", str(options.points), "--seed", str(options.seed)] if options.points else []
    parts = [subprocess.Popen([sys.executable, __file__, "--bin", options.bin, "--only", name, *words],
                              stdout=subprocess.PIPE, text=True) for name in CLASSES]
    outputs = [part.communicate()[0] for part in parts]
    print("".join(outputs), end="")
    if any(part.returncode for part in parts):
        sys.exit(1)
    total = sum(int(output.split(": ")[1].split()[0]) for output in outputs)
    if options.points:
        print(f"each fault at {options.points} of {len(KILLS)} points, by seed {options.seed}")
    print(f"{total} cases of fault, rotation and kill point: no token lost, no family ended")
