"""What happens on the lists: seed N, message LIST ID REPLY-TO SUBJECT TEXT, remove LIST ID, policy LIST {public|private}."""
import sys
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime

import django

django.setup()

from hyperkitty.lib.incoming import add_to_list  # noqa: E402
from hyperkitty.models import ArchivePolicy, Email, MailingList  # noqa: E402

TOWN, STAFF = "town@lists.example.org", "staff@lists.example.org"


def message(name, ident, answers, subject, text, who="Amina Khan <amina@example.org>", when=None):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = who, name, subject, "<%s@example.org>" % ident
    mail["Date"] = format_datetime(when or datetime.now(timezone.utc))
    if answers:
        mail["In-Reply-To"] = "<%s@example.org>" % answers
    mail.set_content(text)
    add_to_list(name, mail)


def policy(name, word):
    MailingList.objects.filter(name=name).update(archive_policy=ArchivePolicy[word].value)


def remove(name, ident):
    Email.objects.get(mailinglist__name=name, message_id="%s@example.org" % ident).delete()


def seed(count):
    for name, word in ((TOWN, "public"), (STAFF, "private")):
        MailingList.objects.get_or_create(name=name, defaults={"display_name": name.split("@")[0], "description": "x"})
        policy(name, word)
    begin = datetime.now(timezone.utc) - timedelta(days=count + 1)
    for i in range(1, count + 1):
        when = begin + timedelta(days=i)
        message(TOWN, "t%d" % i, None, "Flood warden rota %d" % i, "Who can cover the river gauge in week %d?\n\n-- \nAmina Khan\namina@example.org" % i, when=when)
        message(TOWN, "t%d-r1" % i, "t%d" % i, "Re: Flood warden rota %d" % i,
                "On Mon, 2 Nov 2026 at 10:00, Amina Khan <amina@example.org> wrote:\n> Who can cover the river gauge in week %d?\n\nI can do week %d." % (i, i),
                "Bob Reed <bob@example.org>", when + timedelta(hours=1))
    message(STAFF, "s1", None, "SECRET staff rota", "SECRET words of the staff list")
    print("seeded", count)


verb, rest = sys.argv[1], sys.argv[2:]
if verb == "seed":
    seed(int(rest[0]))
elif verb == "message":
    message(rest[0], rest[1], rest[2] or None, rest[3], rest[4])
else:
    {"remove": remove, "policy": policy}[verb](*rest)
