"""The names of all luck that more than one room draws: the engine and the plain agents read the same list.

A decision's key is drawn with the identities it names here, in this order; directed decisions keep the order of parties.
"""

from __future__ import annotations

from sim.rng import decision

PARTNER = decision("contacts.partner", __name__)
"""(owner, partner): words 0, 1, 2 say how much a matter with a partner weighs this month at head, minister and official rank."""
CAPACITY = decision("contacts.capacity", __name__)
"""(owner): words 0, 1, 2 decide about the last contact that is worth a part of its hours at head, minister and official rank."""
SCREEN = decision("platforms.screen", __name__)
"""(owner, partner), index the rank: whether a meeting on a screen finds a port and no outage."""
OUTAGE = decision("platforms.outage", __name__)
"""(name of a cloud), or (owner of a bridge) at index 1: whether it fails this month."""
INTERCEPTION = decision("interception.meeting", __name__)
"""(owner, partner), index the rank: word 0 whether strangers join, 1 and 2 whether the owner, the partner, is known to be heard."""
BAR = decision("interception.bar", __name__)
"""(party, name of a cloud), index 0 heard, 1 strangers joined, 2 hearsay: whether it bars the cloud."""
ASSEMBLY = decision("assembly.attendance", __name__)
"""(state): whether its head addresses the world assembly."""
SEAT = decision("bodies.seat", __name__)
"""(body, state): whether the state takes part in the body's meetings this month."""
RECEPTION = decision("bodies.reception", __name__)
"""(body, number of the meeting): word 0 says whom the head of its organisation meets, words 1 and 2 how."""
MEETINGS = decision("bodies.meetings", __name__)
"""(body): rounds the number of its meetings this month."""
SITTING = decision("bodies.sitting", __name__)
"""(body, number of the meeting): word 0 says whether a meeting of a hybrid rule is in the room, word 1 how many acts it passes."""
SITTING_HEARD = decision("interception.sitting", __name__)
"""(body), index what: whether strangers join its meetings on a screen (0), and whether it becomes known that a host heard them (1)."""
ELECTION = decision("contacts.election", __name__)
"""(state): whether it votes this month."""
GOVERNMENT = decision("executives.government", __name__)
"""(state), month it came to office: words 0, 1, 2 say how its executive leans, whether it is divided, how far its ratifiers stand."""
SUCCESSION = decision("executives.succession", __name__)
"""(state): whether a state that elects no executive has a new one this month."""
PROPOSE = decision("bargaining.propose", __name__)
"""(owner, partner): whether a contact is used to propose talks."""
RATIFIERS = decision("ratification.ratifiers", __name__)
"""(negotiation, party), month opened: how far its ratifiers stand from their executive."""
OWN_GUESS = decision("ratification.own_guess", __name__)
"""(negotiation, party), month opened: how far the executive errs about them."""
OTHER_GUESS = decision("ratification.other_guess", __name__)
"""(negotiation, party), month opened: how far the other side errs about them."""
VOTE = decision("ratification.vote", __name__)
"""(negotiation, party), month signed: how long until its ratifiers decide."""
RIVAL_DRAW = decision("rival.draw", __name__)
"""(two parties, sorted), index the type: exponential of the race of pairs under a rival theory."""
RIVAL_ROLE = decision("rival.role", __name__)
"""(role 0, role 1), index the type: which of two orders of roles counts where both promise the same."""
RIVAL_OPENINGS = decision("rival.openings", __name__)
"""(): rounds the number of talks that open in a month."""
CALL = decision("conferences.call", __name__)
"""(state, organisation), index the type: how long until it would call a conference at a summit of the organisation."""
FOLLOW = decision("soft_law.follow", __name__)
"""(guidelines, member): whether it follows them in its own law this month."""
ACCEDE = decision("conferences.accede", __name__)
"""(treaty, party): whether it looks at joining this month."""
SCREENING = decision("bargaining.screening", __name__)
"""(negotiation), month opened: how long a screening takes."""
ASKED_BEFORE = decision("bargaining.asked_before", __name__)
"""(negotiation as of the start), first month of twelve before the start: in which of them a screening was asked for."""
BELIEF = decision("bargaining.belief", __name__)
"""(party judged about, the other), January of the year, index the type: how far the other errs about what it needs."""
ACCESSION_LOOK = decision("accessions.look", __name__)
"""(open agreement, party): whether it looks at joining this month."""
ACCESSION_MONTHS = decision("accessions.months", __name__)
"""(open agreement, party), month of application: how long its accession takes."""
ACCESSION_CLAUSE = decision("accessions.clause", __name__)
"""(instrument), month of signature: whether its text is open to others."""
TRADE_DEAL = decision("trade_deals.begun", __name__)
"""(two parties, sorted), January: whether they begin to make a trade deal."""
LEAK = decision("courts.leak", __name__)
"""(party): whether surveillance by its state is laid open this month."""
COMPLAINT = decision("courts.complaint", __name__)
"""(instrument), index twice the plaintiff and the role of the court's party: whether it is taken to court this month."""
CASE_MONTHS = decision("courts.months", __name__)
"""(instrument), month of the complaint, the same index: how long the case is pending."""
CASE_READING = decision("courts.reading", __name__)
"""(instrument), month of the complaint, the same index: how much more the court asks than who signed."""
TEMPTATION = decision("compliance.temptation", __name__)
"""(instrument, party): how hard it is pressed at home to break its word this year."""
BREACH_FOUND = decision("compliance.found", __name__)
"""(instrument, party): whether its breach comes to light this month."""
CURE = decision("compliance.cure", __name__)
"""(instrument, party): how long it takes to make good what it broke."""
ANSWER = decision("compliance.answer", __name__)
"""(instrument, party that broke its word): whether the other side answers."""
PROCEDURE = decision("compliance.procedure", __name__)
"""(instrument, party that broke its word): whether it follows what a procedure for disputes finds."""
LINK_FAULT = decision("links.fault", __name__)
"""(link): word 0 whether it fails this month, word 1 how long its repair takes."""
LINK_DELAY = decision("links.delay", __name__)
"""(link), month of announcement, or the start: how much later than announced it is due."""
LINK_FATE = decision("links.fate", __name__)
"""(link), month in which it is due: whether it comes into service."""
LINK_RETIRED = decision("links.retired", __name__)
"""(link), January: whether an old one retires."""
LINK_ANNOUNCED = decision("links.announced", __name__)
"""(state): whether it, or a firm in it, announces a link this month."""
LINK_PARTNER = decision("links.partner", __name__)
"""(state that announces a link, other state): exponential of the race of those with whom."""
SATELLITE = decision("links.satellite", __name__)
"""(state): whether satellites begin to serve it this month."""
CLOUD_ENTRY = decision("market.entry", __name__)
"""(host, home of providers), January: whether they open their first cloud region there."""
WORKS = decision("works.month", __name__)
"""(instrument): word 0 whether its works stop or go on this month, word 1 whether its host defaults."""
DENOUNCE = decision("withdrawals.denounce", __name__)
"""(instrument, party): whether it gives notice this month for a reason of its own."""
