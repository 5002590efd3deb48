"""Starts threads without end."""

import threading
import time


def attempt(place):
    for _ in range(200):
        threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
    return threading.active_count() > 200


def total(values):
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
