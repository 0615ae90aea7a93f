"""The main job as a walk through the portal's pages, on a clock that is moved.

A vendor publishes a service, staff approve it, a buyer finds it and posts a requirement, two vendors bid under seal,
the bids are opened, compared and awarded, both sides sign, the plan is carried out, a month is measured and asked
about, two invoices are paid, by bank and by card, and both sides review each other.
"""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from portal.kit import clock, jobs, tenancy
from portal.kit.db import db
from tests.factories.accounts import PASSWORD, execute, make_staff
from tests.factories.mails import link_in, sent_mails
from tests.journeys import story
from tests.journeys.portal_pages import Reader


class Walk(ABC):
    """The people of the story and what they do, stage by stage. How pages are read, a subclass says."""

    mode = "full"

    def __init__(self, app: Flask) -> None:
        self.app = app
        with tenancy.scope(tenancy.PUBLIC):
            self.dates = story.Dates(clock.now())
            db.session.rollback()
        roles = ("moderator", "finance", "finance")
        self.moderator, self.finance, self.second = (self.reader(make_staff(role).email) for role in roles)

    @abstractmethod
    def reader(self, email: str = "") -> Reader:
        """Another person at a browser of their own."""

    @abstractmethod
    def onboard_at_provider(self) -> None:
        """Let the vendor, whose page offers the way to the provider, give there whatever it is asked for."""

    @abstractmethod
    def pay_at_provider(self) -> None:
        """Let the buyer, whose page offers the way to the provider, pay there with a card that works."""

    def look(self, name: str, person: Reader) -> None:
        """Something worth looking at is on a person's screen; whoever walks by HTTP sees nothing."""
        assert person.page.title, name

    def aside(self, act: Callable[[], Any]) -> Any:
        """Run what is not done in a browser."""
        return act()

    def tell(self) -> None:
        """The whole job."""
        self.come_in()
        self.publish_service()
        self.find_vendor()
        self.post_requirement()
        self.bid()
        self.decide()
        self.sign()
        self.implement()
        self.add_extra_work()
        self.measure()
        self.invoice()
        self.connect()
        self.pay()
        self.review()

    def move(self, moment: datetime) -> None:
        """Let time pass. Sessions may end meanwhile; whoever comes back signs in again."""
        clock.move_to(moment)
        self.work()

    def work(self) -> None:
        """The minute tick, and what waits in the queue."""
        self.aside(self._work)

    def _work(self) -> None:
        jobs.run_due()
        jobs.run_waiting(self.app)

    # ------------------------------------------------------------------ coming in

    def come_in(self) -> None:
        """Three companies sign up and confirm their addresses."""
        self.buyer, self.winner, self.loser = (self._sign_up(one) for one in (story.BUYER, story.WINNER, story.LOSER))
        for person, sign in ((self.buyer, story.BUYER), (self.winner, story.WINNER), (self.loser, story.LOSER)):
            person.open("/account/company")
            person.press("Save the details", fields=sign.details)

    def _sign_up(self, sign: story.Sign) -> Reader:
        person = self.reader(sign.email)
        person.open("/sign-up")
        self.look("sign-up", person)
        person.press("Create an account", fields=sign.form)
        (letter,) = self.aside(lambda: sent_mails(self.app))
        person.open(link_in(letter))
        person.press("Confirm my address")
        return person

    # ------------------------------------------------------------------ the service

    def publish_service(self) -> None:
        """The vendor writes prices, profile and service; a moderator approves it."""
        vendor = self.winner
        vendor.open("/vendor/rate-cards/new")
        vendor.press("Add an operating line", fields=story.RATE_CARD)
        vendor.press("The rest is not charged", fields=story.SECOND_LINE)
        vendor.press("Save rate card")
        vendor.follow("Publish a version")
        vendor.press("Publish")
        self.look("rate-card", vendor)
        for section, fields in story.PROFILE.items():
            vendor.open(f"/vendor/profile/{section}")
            vendor.press("Save and close", fields=fields)
        vendor.open("/vendor/services/new")
        vendor.press("Save service", fields=story.SERVICE_FORM | {"rate_card_id": vendor.offered("rate_card_id")[-1]})
        vendor.press("Send in for publication")
        staff = self.moderator
        staff.open("/admin/cases")
        staff.follow(story.SERVICE)
        staff.press("Take the case")
        self.look("case", staff)
        staff.press("Decide", verdict="approve")
        self.work()

    def find_vendor(self) -> None:
        """The buyer searches the directory and reads the vendor's page."""
        self.buyer.open("/vendors?q=after-sales&channel=phone&language=en")
        page = self.buyer.follow(story.WINNER.company)
        assert story.SERVICE in page.words
        self.vendor_page = self.buyer.path
        self.look("vendor", self.buyer)

    # ------------------------------------------------------------------ needs

    def post_requirement(self) -> None:
        """The buyer writes the requirement step by step and publishes it."""
        buyer, dates = self.buyer, self.dates
        buyer.open("/buyer/requirements/new")
        buyer.press("Begin", title=story.TITLE, mode=self.mode)
        steps = (
            dates.goals(self.mode),
            dates.channels,
            dates.languages,
            dates.targets,
            dates.money,
            dates.deadline_form,
        )
        for fields in (*steps, {}):
            self.look(f"step-{buyer.path.rpartition('/')[2]}", buyer)
            buyer.press("Save and continue", fields=fields)
        if self.mode == "partial":
            check = buyer.path
            buyer.open(check.replace("/check", "/staffing"))
            buyer.press("Keep and plan anew", fields=story.DIVISION)
            buyer.open(check)
        buyer.press("Publish requirement")
        self.look("requirement", buyer)
        self.work()

    # ------------------------------------------------------------------ selection

    def bid(self) -> None:
        """Both vendors find the requirement and submit sealed bids; nobody else learns of them."""
        self._begin_bid(self.winner)
        self.winner.press("Begin the bid")
        self._finish_bid(self.winner, {})
        self._begin_bid(self.loser)
        self.loser.press("Begin the bid", start="nothing")
        self._finish_bid(self.loser, story.FLAT_CARD)
        for path in ("/buyer", "/buyer/requirements", "/buyer/evaluations"):
            assert story.WINNER.company not in self.buyer.open(path).words

    def _begin_bid(self, vendor: Reader) -> None:
        vendor.open("/vendor/requirements")
        vendor.follow(story.TITLE)
        vendor.follow("Start a bid")

    def _finish_bid(self, vendor: Reader, prices: dict[str, str]) -> None:
        vendor.press("Save and continue", fields=prices)
        answers = dict.fromkeys(vendor.fields("answer-"), story.ANSWERS)
        vendor.press("Save and continue", fields=answers)
        self.look("bid-check", vendor)
        page = vendor.press("Submit bid")
        assert "receipt" in page.words.lower()

    def decide(self) -> None:
        """The deadline passes; the buyer opens, scores, compares and awards; the winner accepts."""
        self.move(self.dates.deadline + timedelta(minutes=2))
        buyer = self.buyer
        buyer.open("/buyer/evaluations")
        buyer.follow(story.TITLE)
        buyer.follow("Open the bids")
        page = buyer.press("Open the bids")
        assert story.WINNER.company in page.words
        assert story.LOSER.company in page.words
        comparison = buyer.path
        for address in buyer.addresses(r".*/score$"):
            buyer.open(address)
            mark = "5" if story.WINNER.company in buyer.page.headings[0] else "3"
            scores = dict.fromkeys(buyer.fields("score-"), mark)
            buyer.press("Save scores", fields=scores | dict.fromkeys(buyer.fields("comment-"), story.COMMENT))
        buyer.open(comparison)
        self.look("comparison", buyer)
        buyer.follow("Make an award")
        buyer.press("Make the award", reason="Best quality, and the better price over the term.")
        self.work()
        self.winner.open("/vendor/bids")
        self.winner.follow(story.TITLE)
        self.winner.follow("Answer the award")
        self.winner.press("Send the answer", answer="accept")
        self.work()

    # ------------------------------------------------------------------ agreement and plan

    def sign(self) -> None:
        """The buyer offers the text; both sides read and sign it."""
        self.buyer.open("/agreements")
        self.buyer.follow(story.TITLE)
        self.agreement = self.buyer.path
        self.buyer.press("Offer for signature")
        for person in (self.buyer, self.winner):
            person.open(f"{self.agreement}/requirement")
            self.look("requirement", person)
            person.press("Confirm version 1")
        for person, sign in ((self.buyer, story.BUYER), (self.winner, story.WINNER)):
            person.open(self.agreement)
            person.follow("Read and sign")
            self.look("sign", person)
            person.press(
                f"Sign for {sign.company}",
                typed_name=sign.name,
                title="Managing director",
                password=PASSWORD,
                authority=True,
            )
        self.work()

    def implement(self) -> None:
        """Every milestone is submitted by one side and accepted by the other, training and go-live among them."""
        self.move(self.dates.on_start())
        for _round in range(40):
            if not sum(self._milestones(person) for person in (self.winner, self.buyer)):
                break
        page = self.buyer.open(f"{self.agreement}/plan")
        self.look("plan", self.buyer)
        assert "Look and accept" not in page.words
        self.work()

    def _milestones(self, person: Reader) -> int:
        """What one person can do now; how much that was."""
        person.open(f"{self.agreement}/plan")
        for done in range(40):
            if not self._next_milestone(person):
                return done
        raise AssertionError("the plan never comes to its end")

    def _next_milestone(self, person: Reader) -> bool:
        labels = {text for text, _address in person.page.links}
        if "Look and accept" in labels:
            person.follow("Look and accept")
            person.press(person.button("Accept"))
            return True
        if "Submit" in labels:
            person.follow("Submit")
            person.press("Submit for acceptance", shown="All items of the list are done; the minutes are attached.")
            return True
        return False

    # ------------------------------------------------------------------ monitoring

    def measure(self) -> None:
        """Customers answer the survey; the vendor reports the month and the buyer agrees."""
        self.winner.open(f"{self.agreement}/survey")
        (link,) = self.winner.addresses(r"/s/[^/]+$")
        for number in range(3):
            customer = self.reader()
            customer.open(link)
            if not number:
                self.look("survey", customer)
            customer.press("Send my answer", score=str(5 - number % 2), comment="Quick and friendly.")
        self.move(self.dates.after_month())
        month = f"{self.agreement}/monitoring/{self.dates.month:%Y-%m}"
        vendor = self.winner
        vendor.open(month)
        vendor.follow("Enter figures")
        vendor.press("Save the figures", fields={name: story.MONTH[name] for name in vendor.fields("phone-", "email-")})
        vendor.press(f"Report {self.dates.month:%B %Y}")
        self.buyer.open(month)
        page = self.buyer.press(f"Agree with {self.dates.month:%B %Y}")
        self.look("month", self.buyer)
        assert "86" in page.words
        for name, path in (("monitoring", "monitoring"), ("survey-results", "survey"), ("agreement", "")):
            self.buyer.open(f"{self.agreement}/{path}".rstrip("/"))
            self.look(name, self.buyer)
        self.work()

    def add_extra_work(self) -> None:
        """The vendor proposes an extra fee by the agreed line, which is its own yes to it, and the buyer accepts."""
        self.winner.open(f"{self.agreement}/changes/new")
        self.winner.press(
            "Propose to the other side",
            title="Staff the spring sale",
            reason="The campaign doubles the calls of one week.",
            line_code="SURGE",
            quantity="20",
        )
        self.look("changes", self.winner)
        self.buyer.open(f"{self.agreement}/changes")
        self.buyer.press(f"Accept for {story.BUYER.company}")
        self.work()

    # ------------------------------------------------------------------ money

    def invoice(self) -> None:
        """The vendor issues what is drafted: the one-time fees and the month."""
        vendor = self.winner
        vendor.open("/invoices?state=draft")
        drafts = sorted(
            {address for _text, address in vendor.page.links if re.match(r"/invoices/[0-9a-f-]{36}$", address)}
        )
        assert len(drafts) == 2
        for address in drafts:
            vendor.open(address)
            vendor.press("Issue invoice")
        self.work()
        self.invoices = drafts

    def connect(self) -> None:
        """The vendor connects the account that card payments go to; before that, nobody is offered to pay by card."""
        words = self.buyer.open(self.invoices[0]).words
        assert "this vendor has not set it up" in words
        vendor = self.winner
        vendor.open("/vendor/card-payments")
        self.look("card-account-none", vendor)
        vendor.press("Connect an account")
        self.work()
        vendor.open("/vendor/card-payments")
        self.look("card-account-link", vendor)
        self.onboard_at_provider()
        self.aside(lambda: wait_for("SELECT 1 FROM webhook_inbox WHERE kind = 'account.updated' OFFSET 1"))
        self.work()
        assert "Buyers can pay your invoices by card." in vendor.open("/vendor/card-payments").words
        self.look("card-account-ready", vendor)

    def pay(self) -> None:
        """The large invoice by bank, with a second person's eyes, the small one by card."""
        owed = {}
        for address in self.invoices:
            self.buyer.open(address)
            owed[address] = int(re.sub(r"[^0-9]", "", self.buyer.button("Pay ")))
            self.look(f"invoice-{len(owed)}", self.buyer)
        small, large = sorted(owed, key=owed.__getitem__)
        assert owed[large] > 1_000_000 > owed[small]
        self._pay_by_bank(large, owed[large])
        self._pay_by_card(small)
        for person in (self.buyer, self.winner):
            page = person.open("/invoices?state=paid")
            assert {small, large} <= {address for _text, address in page.links}

    def _pay_by_bank(self, address: str, minor: int) -> None:
        reference = re.search(r"RF\d\d[ A-Z0-9]+?(?= [a-zA-Z][a-z])", self.buyer.open(address).words)
        assert reference
        self.finance.open("/admin/bank-receipts/find")
        self.finance.press("Find the invoice", reference=reference.group(0))
        self.finance.press(
            "Record the receipt",
            amount=f"{minor / 100:.2f}",
            received_on=f"{self.dates.after_month():%Y-%m-%d}",
            bank_ref="STMT-0001",
            payer=story.BUYER.company,
        )
        labels = {one.text for form in self.finance.page.forms for one in form.buttons}
        assert "Confirm" not in labels, "who recorded a large receipt may not confirm it"
        self.second.open("/admin/bank-receipts")
        self.second.press("Confirm")
        self.work()

    def _pay_by_card(self, address: str) -> None:
        self.buyer.open(address)
        self.buyer.press(self.buyer.button("Pay "))
        payment = self.buyer.path
        self.work()
        self.buyer.open(payment)
        self.pay_at_provider()
        self.aside(lambda: wait_for("SELECT 1 FROM webhook_inbox WHERE kind LIKE 'checkout.session.completed%'"))
        self.work()
        assert "Paid." in self.buyer.open(payment).words
        self.look("payment", self.buyer)

    # ------------------------------------------------------------------ reviews

    def review(self) -> None:
        """Each side reviews the other without seeing what it wrote; then both are published."""
        self.move(self.dates.review_time())
        for person, words, other in (
            (self.buyer, story.BUYER_REVIEW, self.winner),
            (self.winner, story.VENDOR_REVIEW, self.buyer),
        ):
            person.open(f"{self.agreement}/reviews")
            person.follow("Write the review")
            marks = dict.fromkeys(person.marks(), "5")
            if person is self.buyer:
                page = person.press("Save the review", fields=marks | {"recommends": "yes", "text": words})
                assert words not in other.open(f"{self.agreement}/reviews").words
            else:
                page = person.press("Save the review", fields=marks | {"recommends": "yes", "text": words})
                assert story.BUYER_REVIEW in page.words
        self.work()


def wait_for(query: str, seconds: float = 10) -> None:
    """Wait until a row is there: webhooks come from another thread."""
    end = time.monotonic() + seconds
    while not execute(query):
        assert time.monotonic() < end, f"nothing came of: {query}"
        time.sleep(0.05)
