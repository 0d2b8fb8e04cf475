"""Takes a project's events from its queue on RabbitMQ: each event once in effect, and it knows what is late and what is missing.

Needs Python 3.9 and pika (pip install pika, or python3-pika of Debian). AMQP_URL and QUEUE are what `helpdesk consumer add` answers.
"""

import json
import os
import signal
import sqlite3
import time

import pika
from pika.exceptions import AMQPError

QUEUE = os.environ["QUEUE"]

# The effect, the events that were handled, and how far each ticket has come: one database, so that one transaction has it all.
database = sqlite3.connect(os.environ.get("DATABASE", "events.sqlite"), isolation_level=None)
database.executescript(
    """
    CREATE TABLE IF NOT EXISTS handled (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS progress (subject TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS effect (
        place INTEGER PRIMARY KEY, outcome TEXT, id TEXT UNIQUE, type TEXT, subject TEXT, sequence INTEGER
    );
    """
)

stopping = False


def say(**line):
    print(json.dumps(line), flush=True)


def handle(event):
    """Does what has to be done about an event, once. What is raised here ends the process: the event comes again to the next one."""
    line = {name: event[name] for name in ("id", "type", "subject", "sequence")}
    database.execute("BEGIN IMMEDIATE")
    try:
        line = {"outcome": apply(line), **line}
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    say(**line)


def apply(line):
    if database.execute("INSERT OR IGNORE INTO handled VALUES (:id)", line).rowcount == 0:
        return "repeat"
    row = database.execute("SELECT sequence FROM progress WHERE subject = :subject", line).fetchone()
    outcome = "handled"
    if row and line["sequence"] <= row[0]:
        outcome = "late"  # A later event was handled before: do not put back what that has changed.
    elif row and line["sequence"] > row[0] + 1:
        outcome = "gap"  # Of a consumer of all events: something was lost. GET /v1/helpdesk/events has it.
    database.execute(
        "INSERT INTO progress VALUES (:subject, :sequence)"
        " ON CONFLICT (subject) DO UPDATE SET sequence = max(sequence, excluded.sequence)",
        line,
    )
    database.execute(
        "INSERT INTO effect (outcome, id, type, subject, sequence) VALUES (:outcome, :id, :type, :subject, :sequence)",
        {"outcome": outcome, **line},
    )
    return outcome


def consume(on_connected):
    """Takes events until the connection is lost, or until the process is told to stop."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=50)
    is_new = True
    # Without an event for a second it looks whether to stop.
    for method, _properties, body in channel.consume(QUEUE, inactivity_timeout=1):
        if is_new:
            on_connected()
            is_new = False
        if stopping:
            channel.cancel()  # What is in hand goes back into the queue.
            connection.close()
            return
        if method is not None:
            handle(json.loads(body))
            channel.basic_ack(method.delivery_tag)  # Not before the effect is stored.
    raise AMQPError("The broker has ended the consumer: the queue is gone, or goes elsewhere.")


def stop(_signal, _frame):
    global stopping
    stopping = True


def main():
    signal.signal(signal.SIGTERM, stop)
    failures = 0

    def on_connected():
        nonlocal failures
        failures = 0
        say(outcome="connected")

    while not stopping:
        try:
            consume(on_connected)
        except (AMQPError, OSError) as error:
            say(outcome="disconnected", reason=repr(error))
            time.sleep(min(30, 0.2 * 2**failures))
            failures += 1


if __name__ == "__main__":
    main()
