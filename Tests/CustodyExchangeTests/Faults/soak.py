#!/usr/bin/env python3
"""Many processes want an access token of one refresh token at the same moment, and some of them are killed with -9.

usage: soak.py [--rounds N] [--processes N] [--kills N] [--manner grace|dead] [--seed N] [--bin FOLDER]

The provider is the sandbox, which rotates the refresh token with each use. With `grace` the old one works a while longer;
with `dead` it doesn't, and is taken for stolen when it is shown again: then the whole family is ended. After each round,
the token in the vault must be one that the provider still takes, or custody must have said that nobody knows. Prints one
line of what was counted; exits 1 where a token was lost, a family ended, or a round had more requests than it should.
"""
import argparse, os, random, shutil, sqlite3, subprocess, sys, tempfile, time

from exchanging import Sandbox, Worker, fail

options = argparse.ArgumentParser()
for name, standard in [("rounds", 20), ("processes", 50), ("kills", 1), ("seed", 1)]:
    options.add_argument("--" + name, type=int, default=standard)
options.add_argument("--manner", choices=["grace", "dead"], default="grace")
options.add_argument("--bin", default=".build/debug")
options = options.parse_args()
chance = random.Random(options.seed)
PROVIDER = {"grace": "xero", "dead": "zoom"}[options.manner]


def started(folder, count):
    workers = [Worker(options.bin, folder) for _ in range(count)]
    return [worker.begin() for worker in workers]


def main(folder):
    sandbox = Sandbox(options.bin, folder)
    realm = sandbox.realm(rotation="always", old_token=options.manner, grace_seconds=1800, access_seconds=3600,
                          reuse_kills_family=True, client_authentication="basic")
    realm.found_vault(options.bin, folder, PROVIDER)
    workers = started(folder, options.processes)
    counted = dict(rounds=0, requests=0, answers=0, killed=0, unknown=0, most_in_a_round=0)
    for _ in range(options.rounds):
        before = realm("report")["requests"]
        file = sqlite3.connect(folder + "/soak.db", timeout=600)
        file.execute("UPDATE exchange SET access_token = NULL")
        file.commit()
        file.close()
        for worker in workers:
            worker.say("exchange")
        victims = chance.sample(range(len(workers)), options.kills if chance.random() < 0.7 else 0)
        time.sleep(chance.random() * 0.15)
        for number in victims:
            workers[number].kill()
        counted["killed"] += len(victims)
        said = [worker.line() for number, worker in enumerate(workers) if number not in victims]
        if None in said:
            fail("a process did not answer in time")
        unknown = [line for line in said if line.startswith("error outcomeUnknown")]
        good = {line for line in said if line.startswith("ok ")}
        wrong = [line for line in said if not line.startswith("ok ") and line not in unknown]
        if wrong:
            fail("an exchange failed: " + wrong[0])
        if len(good) > 1 + len(victims):
            fail(f"{len(good)} different access tokens in one round")
        for number in victims:
            workers[number] = started(folder, 1)[0]
        report = realm("report")
        if unknown:
            counted["unknown"] += 1
            if not victims:
                fail("nobody was killed, and custody does not know how the exchange ended: " + unknown[0])
            workers[0].say("rotate " + realm.new_token())
        else:
            workers[0].say("value")
        line = workers[0].line()
        if not (line or "").startswith("ok "):
            fail("the vault does not say what it holds: " + str(line))
        report = realm("report")
        if line.removeprefix("ok ") not in report["live"]:
            fail("a token was lost: the provider does not take the one in the vault")
        if report["family_kills"]:
            fail("the provider took a retry for theft and ended the family")
        asked = report["requests"] - before
        # A request more for each process that was killed, if it was the one that asked.
        if asked > 1 + len(victims):
            fail(f"{asked} requests in one round")
        counted["rounds"] += 1
        counted["requests"] += asked
        counted["answers"] += len(said)
        counted["most_in_a_round"] = max(counted["most_in_a_round"], asked)
        if counted["rounds"] % 100 == 0:
            print(f"{counted['rounds']} rounds", file=sys.stderr)
    for worker in workers:
        worker.kill()
    sandbox.process.kill()
    print(f"soak {options.manner}: " + ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in counted.items())
          + f", {options.processes} processes, 0 tokens lost, 0 families ended")


folder = tempfile.mkdtemp(prefix="custody-soak.")
try:
    main(folder)
finally:
    subprocess.run(["pkill", "-9", "-f", folder], check=False)
    shutil.rmtree(folder, ignore_errors=True)
