"""Live chat: agents who hold several conversations at once, by the slot method.

A slot is one conversation an agent can hold. Slots queue as agents on the phone do, so Erlang C says how many are
needed; an agent who holds k conversations brings k of them. The handle time is that of the chat as the customer
sees it while the agent holds k: answering several at once makes each of them longer.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from portal.kit.calculators import CalculationError
from portal.needs.staffing.erlang import Queue, Target, required, with_agents

CHAT_OCCUPANCY = 0.85


@dataclass(frozen=True, slots=True)
class ChatQueue:
    """One interval of chat: the agents, and the queue of the slots they bring. `slots_needed` may be a few less."""

    agents: int
    slots_needed: int
    slots: Queue


def required_chat(contacts: float, aht_s: float, seconds: float, target: Target, concurrency: int) -> ChatQueue:
    """The fewest agents with `concurrency` conversations each that keep the target.

    What they achieve is told for all their slots: two and a half agents' worth of slots is staffed by three.
    """
    if concurrency < 1:
        raise CalculationError("concurrency", "must be 1 conversation or more")
    slots = required(contacts, aht_s, seconds, _slot_target(target, concurrency))
    agents = -(-slots.agents // concurrency)
    if agents * concurrency == slots.agents:
        return ChatQueue(agents, slots.agents, slots)
    offered = with_agents(agents * concurrency, contacts, aht_s, seconds, target.within_s)
    return ChatQueue(agents, slots.agents, replace(offered, n_sl=slots.n_sl, n_occ=slots.n_occ))


@lru_cache(maxsize=2**8)
def _slot_target(target: Target, concurrency: int) -> Target:
    """The target of the slots: the minimum of agents in slots, and the cap of chat where none is given."""
    return replace(target.capped_at(CHAT_OCCUPANCY), min_agents=target.min_agents * concurrency)
