"""“Should we outsource?” in words: each statement, why it is asked, what to find out, and what lessens it."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.needs.assessment import Topic, Truth


class Words(NamedTuple):
    """One topic. `lessens` is what keeps a danger small, empty for an advantage."""

    name: Any
    statement: Any
    reason: Any
    find_out: Any
    lessens: Any = ""


TRUTHS = {
    Truth.YES: _l("True of us"),
    Truth.PARTLY: _l("Partly true"),
    Truth.NO: _l("Not true"),
    Truth.UNKNOWN: _l("We do not know"),
}
WEIGHT_NAMES = {1: _l("Matters little"), 2: _l("Matters"), 3: _l("Matters much")}

WORDS: dict[Topic, Words] = {
    Topic.QUALITY: Words(
        _l("Better service"),
        _l("Our service is not as good as our customers expect, and we have not been able to raise it ourselves."),
        _l(
            "A vendor can bring quality checks and training that a small team cannot afford. It "
            "improves little where service is good already."
        ),
        _l(
            "Measure answered in time, satisfaction and solved at first contact over eight weeks: "
            "without today's figures nobody can say later whether it got better."
        ),
    ),
    Topic.COST: Words(
        _l("Lower cost"),
        _l("The service costs us more than we can justify."),
        _l("A saving is real only against the whole cost of the own team, and after what stays with you."),
        _l("Work out your own cost line by line, with hiring, rooms and management."),
    ),
    Topic.EXPERTISE: Words(
        _l("Special knowledge"),
        _l("We lack people, tools or methods that a specialist has."),
        _l("Planning of people, quality assurance and automation pay only from a certain size."),
        _l("List what you lack, and ask vendors to show it at work with a comparable customer."),
    ),
    Topic.FLEXIBILITY: Words(
        _l("Flexibility"),
        _l("Our contacts swing so much that our team is often too large or too small."),
        _l(
            "A vendor can move people between customers; the more your peaks differ from theirs, the "
            "more that is worth."
        ),
        _l("Look at the contacts of a whole year by month and weekday, for example from your telephone system."),
    ),
    Topic.CORE: Words(
        _l("Time for the core business"),
        _l("Running the service keeps our people from what we are known for."),
        _l("Outsourcing frees time only if somebody is still there to steer the vendor."),
        _l("Count the hours your managers spend on the service in a month, and name who would steer a vendor."),
    ),
    Topic.HIRING: Words(
        _l("No hiring and training"),
        _l("Finding and training agents takes us much time and money."),
        _l("Recruiting and first training are paid by the vendor, mostly within its price."),
        _l("Find out how many agents left in the last twelve months and what replacing one of them cost."),
    ),
    Topic.REACH: Words(
        _l("Hours, languages, channels"),
        _l("We need hours, languages or channels that our own team cannot cover."),
        _l("One seat around the clock takes about six full-time people; a vendor shares them among customers."),
        _l("Count the contacts that reach you outside your hours or in other languages."),
    ),
    Topic.SECURITY: Words(
        _l("Information security"),
        _l("Agents would see confidential or especially sensitive data."),
        _l("More people and systems then touch the data, in another company and perhaps another country."),
        _l("List which data agents need and which laws apply; ask whether masking or your own systems would do."),
        _l("Certificates, a data processing agreement, access by your own systems only, and a record of who saw what."),
    ),
    Topic.COMMUNICATION: Words(
        _l("Communication"),
        _l("Most contacts need talk with our own departments before they are solved."),
        _l("Each question to you costs time, and a vendor's team does not meet yours at lunch."),
        _l("Take a hundred contacts and count those that nobody could solve without asking a department."),
        _l("Named contacts on both sides, a fixed rhythm of meetings, and an agreed way to escalate."),
    ),
    Topic.FLUCTUATION: Words(
        _l("Swings in quality"),
        _l("We would not notice soon if a vendor's quality fell."),
        _l("Quality varies with the vendor's people; without figures of your own you hear of it from customers."),
        _l("Decide which figures you would look at each month and who would look."),
        _l("Agreed service levels with credits, control charts, surveys that the vendor cannot steer."),
    ),
    Topic.CULTURE: Words(
        _l("Culture and manner"),
        _l("Customers choose us for a manner that is hard to teach."),
        _l("People who do not work for you have to learn your values from training, not from daily life."),
        _l(
            "Try to write down in two pages what good service means with you; what cannot be written "
            "is hard to hand over."
        ),
        _l("Training in your values and tone, shared listening to contacts, and a dedicated team."),
    ),
    Topic.DEPENDENCY: Words(
        _l("Dependency"),
        _l("We would lose knowledge that we could not rebuild within a year."),
        _l("Once your own team is gone, changing the vendor or taking the service back becomes costly."),
        _l("Name what only your people know, and how long it took them to learn it."),
        _l("Keep a small team, own the knowledge base and the systems, agree on the exit before the start."),
    ),
    Topic.CONTINUITY: Words(
        _l("Continuity"),
        _l("A few days without service would do us serious harm."),
        _l("A vendor's outage, strike or insolvency becomes yours."),
        _l("Work out what a day without service costs, and who could step in."),
        _l("A second site, a continuity plan that is tested, and a part that stays with you."),
    ),
    Topic.OVERRUN: Words(
        _l("Cost overrun"),
        _l("Our volumes and handle times are guesses."),
        _l("Prices rest on volumes; a wrong guess comes back as minimum fees, surcharges and change orders."),
        _l("Measure contacts and handle times by the half-hour for at least two months."),
        _l("Prices over a low and a high scenario, a closed list of fees, and changes only by signed order."),
    ),
    Topic.LEGAL: Words(
        _l("Law and duties to staff"),
        _l("Laws, staff agreements or our customers' contracts limit handing the work on."),
        _l("A transfer of staff, the consent of customers or a supervisor's approval can take months."),
        _l("Ask your legal department and your staff's representatives before you ask vendors."),
        _l("Time in the plan for consents, and an agreement that names the law it follows."),
    ),
}
