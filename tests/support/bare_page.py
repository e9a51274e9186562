"""The plainest page of Flask and Jinja with one query and so many octets, in a process of its own: what it costs.

Prints the processor's milliseconds for an answer, of seven rounds the best.
"""

import sys
import time

import sqlalchemy as sa
from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy.pool import StaticPool

ROWS = 50
CELLS = 4
PAGE = """<!doctype html><html><head><title>Kế hoạch</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{{ rest|safe }}</body></html>"""


def main(octets: int) -> None:
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": StaticPool}
    app.jinja_loader = DictLoader({"page.html": PAGE})
    db = SQLAlchemy(app)
    table = sa.Table("line", db.metadata, *(sa.Column(f"c{at}", sa.Text) for at in range(CELLS)))
    text = "x" * (octets // 2 // ROWS // CELLS)
    with app.app_context():
        db.create_all()
        db.session.execute(sa.insert(table), [dict.fromkeys(table.columns.keys(), text)] * ROWS)
        db.session.commit()
    rest = "x" * (octets - octets // 2)

    @app.get("/")
    def page() -> str:
        return render_template("page.html", rows=db.session.execute(sa.select(table)).all(), rest=rest)

    client = app.test_client()
    assert len(client.get("/").data) >= octets
    rounds = []
    for _ in range(7):
        begun = time.process_time()
        for _ in range(100):
            client.get("/").close()
        rounds.append((time.process_time() - begun) * 1000 / 100)
    print(min(rounds))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
