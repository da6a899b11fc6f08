#!/usr/bin/env python3
"""A process stands still after it wrote down that it will ask and before it does, for so long that another takes its exchange
over. When it goes on it must not show the provider a refresh token that was replaced by then.

usage: stalled.py [--bin FOLDER]
"""
import argparse, glob, os, shutil, signal, tempfile, time

from exchanging import Sandbox, Worker, attached, await_that, fail

options = argparse.ArgumentParser()
options.add_argument("--bin", default=".build/debug")
options = options.parse_args()


running = []


def state(process):
    return open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0]


def main(folder):
    # The old token works for a second, so that the one who takes over may ask; then showing it ends the family.
    sandbox = Sandbox(options.bin, folder)
    running.append(sandbox.process)
    realm = sandbox.realm(rotation="always", old_token="grace", grace_seconds=1, access_seconds=3600,
                          reuse_kills_family=True, client_authentication="basic")
    realm.found_vault(options.bin, folder, "xero")
    victim, other = Worker(options.bin, folder).begin(), Worker(options.bin, folder).begin()
    running.extend([victim.process, other.process])
    tracer = attached(victim, "-o", folder + "/trace", "-e", "trace=openat", "-e", "inject=openat:signal=SIGSTOP",
                      "-P", os.path.realpath(glob.glob("/usr/lib/*/libcurl.so.4")[0]),
                      "-P", glob.glob("/lib/*/libcurl.so.4")[0])
    victim.say("exchange 5")
    # Its state alone does not tell: strace stops it for a moment when it attaches, too.
    await_that(lambda: "stopped by SIGSTOP" in open(folder + "/trace").read(), "it was not stopped")
    victim.process.send_signal(signal.SIGSTOP)
    tracer.send_signal(signal.SIGINT)
    tracer.wait()
    begun = time.monotonic()
    said = other.ask("exchange 5")
    if state(victim.process.pid) != "T":
        fail("it did not stand still")
    if time.monotonic() - begun < 9:
        return False  # it was let go of a moment before it stopped, and had done already
    if not (said or "").startswith("ok "):
        fail("who takes over says " + str(said))
    time.sleep(1.5)
    victim.process.send_signal(signal.SIGCONT)
    answer = victim.line()
    report = realm("report")
    if report["family_kills"] or report["reuses"]:
        fail("it showed a token that was replaced, and the provider ended the family; it says " + str(answer))
    if report["requests"] != 1:
        fail(f"{report['requests']} requests")
    if answer != said:
        fail(f"it says {answer}, not {said}")
    print("who was taken over asks nobody, and takes what the other one brought")
    return True


for _ in range(10):
    folder = tempfile.mkdtemp(prefix="custody-stalled.")
    try:
        if main(folder):
            break
    finally:
        for process in running:
            process.kill()
            process.wait()
        running.clear()
        shutil.rmtree(folder, ignore_errors=True)
else:
    fail("it was never stopped in time")
