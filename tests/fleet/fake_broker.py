#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fake_broker.py SOCKET [--refuse CODE] [--keep TOPIC PAYLOAD]... - an MQTT broker for one client at a time, on a Unix socket.

Acknowledges everything and prints a line for each connection and message: "connect",
"publish TOPIC PAYLOAD". With --refuse it refuses the first connection with this code. With --keep
it has these retained messages, whatever the client has published. It ends after a minute."""
import argparse
import os
import signal
import socket

CONNECT, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, PINGREQ = 1, 3, 8, 10, 12


def packets(stream):
    """Yields the first byte and the body of each packet."""
    while head := stream.read(1):
        length = shift = 0
        while True:
            byte = stream.read(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        yield head[0], stream.read(length)


def take_text(body):
    length = int.from_bytes(body[:2], "big")
    return body[2 : 2 + length].decode(), body[2 + length :]


def matches(topic, pattern):
    levels, wanted = topic.split("/"), pattern.split("/")
    return len(levels) == len(wanted) and all(w in ("+", l) for l, w in zip(levels, wanted))


class Client:
    def __init__(self, connection, refuse, keep):
        self.connection, self.refuse, self.keep, self.five = connection, refuse, keep, False

    def send(self, first, body):
        size, length = b"", len(body)
        while not size or length:
            size += bytes([length & 127 | (128 if length > 127 else 0)])
            length >>= 7
        self.connection.sendall(bytes([first]) + size + body)

    def serve(self):
        for first, body in packets(self.connection.makefile("rb")):
            kind = first >> 4
            if kind == CONNECT:
                self.five = body[6] == 5
                self.send(0x20, bytes([0, self.refuse]) + self.properties())
                print("connect", flush=True)
                if self.refuse:
                    return
            elif kind == PUBLISH:
                self.take_message(first, body)
            elif kind == SUBSCRIBE:
                self.take_subscription(body)
            elif kind == UNSUBSCRIBE:
                topics = self.topics(body[2:], options=0)
                self.send(0xB0, body[:2] + (self.properties() + bytes(len(topics)) if self.five else b""))
            elif kind == PINGREQ:
                self.send(0xD0, b"")

    def properties(self):
        return b"\0" if self.five else b""

    def topics(self, body, options):
        names = []
        body = body[1:] if self.five else body  # the client sends no properties
        while body:
            name, body = take_text(body)
            names.append(name)
            body = body[options:]
        return names

    def take_subscription(self, body):
        topics = self.topics(body[2:], options=1)
        self.send(0x90, body[:2] + self.properties() + bytes(len(topics)))
        for topic, payload in self.keep:
            if any(matches(topic, pattern) for pattern in topics):
                topic, payload = os.fsencode(topic), os.fsencode(payload)
                self.send(0x31, len(topic).to_bytes(2, "big") + topic + self.properties() + payload)

    def take_message(self, first, body):
        topic, rest = take_text(body)
        identifier, rest = (rest[:2], rest[2:]) if first & 6 else (b"", rest)
        print("publish", topic, rest[1 if self.five else 0 :].decode(), flush=True)
        if identifier:
            self.send(0x40, identifier)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("--refuse", type=int, default=0)
    parser.add_argument("--keep", nargs=2, action="append", default=[])
    arguments = parser.parse_args()
    signal.alarm(60)
    server = socket.socket(socket.AF_UNIX)
    server.bind(arguments.socket)
    server.listen()
    while True:
        connection, _ = server.accept()
        with connection:
            try:
                Client(connection, arguments.refuse, arguments.keep).serve()
            except OSError:
                pass
        arguments.refuse = 0


main()
