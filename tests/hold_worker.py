"""Many workers of one process, each with a connection of its own, that try to hold one place.

    python hold_worker.py BEDS MEMBER WORKERS

Prints what became of each: held, refused, or the name of an error.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter


def main(beds: int, member_key: int, workers: int) -> None:
    import django

    django.setup()
    from django.db import connection

    from harborlight.web.accounts.models import Member
    from harborlight.web.audit.acts import Refused, act
    from harborlight.web.referral.holds import hold

    told: Counter[str] = Counter()
    barrier = threading.Barrier(workers)
    member = Member.objects.select_related("agency", "user").get(pk=member_key)

    def work() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(60)
            with act(member.actor, "hold.make"):
                hold(beds, member)
            told["held"] += 1
        except Refused:
            told["refused"] += 1
        except Exception as error:
            told[f"{type(error).__name__}: {error}"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for name, count in told.items():
        print(f"{count}\t{name}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
