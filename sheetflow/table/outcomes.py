"""The words of the Outcome column: what each of other people's words means here. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sheetflow.columns import plain
from sheetflow.table.dates import EMPTY_WORDS

OUTCOMES = ("Next round", "Offer", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")

_WORDS: Mapping[str, str] = {
    "Next round": "next round, next step, next stage, next interview, moved forward, moving forward, advanced, "
    "advanced to next round, passed, nächste Runde, weiter, prochain tour, tour suivant, étape suivante, "
    "siguiente ronda, próxima ronda, siguiente etapa, 下一轮, 进入下一轮, 下一輪, 通过, 通過",
    "Offer": "offer, offer received, offered, job offer, got offer, received offer, offer made, offer extended, "
    "offer pending, negotiating, Angebot, Angebot erhalten, Zusage, offre, offre reçue, oferta, oferta recibida, "
    "录用, 已录用, 录取, 收到offer, 收到录用通知, 錄取",
    "Accepted": "accepted, offer accepted, accepted offer, I accepted, hired, signed, angenommen, "
    "Angebot angenommen, zugesagt, accepté, acceptée, offre acceptée, embauché, embauchée, aceptado, aceptada, "
    "oferta aceptada, contratado, contratada, 已接受, 接受offer, 已接受offer, 入职, 已入职",
    "Rejected": "rejected, rejection, not selected, turned down, no offer, unsuccessful, not moving forward, "
    "not proceeding, rejected by company, declined by company, company declined, regret, failed, not accepted, "
    "Absage, Absage erhalten, refus de l'entreprise, refus reçu, réponse négative, rechazado, rechazada, "
    "no seleccionado, no seleccionada, descartado, descartada, 被拒, 被拒绝, 被拒絕, 未通过, 未通過, 未录取, "
    "淘汰, 不合适",
    "Withdrawn": "withdrawn, withdrew, I withdrew, offer declined, I declined, declined offer, declined by me, "
    "I rejected, offer rejected, withdrawn by me, zurückgezogen, Bewerbung zurückgezogen, selbst abgesagt, "
    "von mir abgesagt, Angebot abgelehnt, retiré, retirée, candidature retirée, désistement, offre refusée, "
    "retirado, retirada, me retiré, oferta rechazada, 已放弃, 放弃, 已撤回, 撤回, 拒绝offer, 已婉拒",
    "Ghosted": "ghosted, no response, no reply, no answer, never heard back, no feedback, keine Antwort, "
    "keine Rückmeldung, sans réponse, pas de réponse, sans nouvelles, sin respuesta, no respondieron, "
    "无回复, 没有回复, 无回音, 无消息, 石沉大海, 沒有回覆",
    "Closed": "closed, archived, archive, cancelled, canceled, filled, position filled, role filled, job closed, "
    "expired, position closed, geschlossen, archiviert, erledigt, besetzt, Stelle besetzt, storniert, clos, close, "
    "clôturé, clôturée, fermé, fermée, archivée, annulé, annulée, pourvu, cerrado, cerrada, archivado, "
    "archivada, cancelado, cancelada, cubierta, 已关闭, 关闭, 已取消, 取消, 归档, 已归档, 已結束, 已结束",
}
_BY_WHOM = (
    "declined, refus, refusé, refusée, abgelehnt, abgesagt, declinado, declinada, 已拒, 已拒绝, 拒绝, 已拒絕, 拒絕"
)
_NOT_APPLIED = (
    "saved, bookmarked, wishlist, to apply, ready to apply, applying, interested, prospect, draft, not applied, "
    "not applied yet, not yet applied, will apply, plan to apply, bewerben, noch nicht beworben, à postuler, "
    "por postular, 待投递, 待投, 想投, 未投递, 收藏"
)
_WAITING = (
    "applied, application sent, submitted, application submitted, new, open, active, pending, waiting, "
    "waiting for response, waiting for reply, waiting to hear back, awaiting response, awaiting reply, "
    "awaiting feedback, awaiting decision, awaiting, in progress, in process, in review, under review, reviewing, "
    "under consideration, shortlisted, ongoing, on hold, hold, follow up, followed up, thank you sent, to do, "
    "beworben, Bewerbung gesendet, in Bearbeitung, offen, wartend, warten, ausstehend, laufend, "
    "postulé, postulée, candidature envoyée, candidaté, envoyée, envoyé, en cours, en attente, relancé, à relancer, "
    "postulado, aplicado, enviado, solicitud enviada, en proceso, en curso, pendiente, en espera, esperando, "
    "已投递, 投递, 已申请, 申请中, 简历筛选, 等待, 等待中, 等待结果, 待定, 进行中, 等待結果, 已投遞, 池子"
)
_STAGES = (
    "screening, screen, phone, phone screen, phone screening, "
    "phone call, phone interview, recruiter screen, recruiter call, hr screen, hr call, hr interview, intro call, "
    "onsite, technical, technical interview, technical screen, tech interview, coding challenge, "
    "code challenge, take-home, assessment, online assessment, assignment, case study, interview, "
    "interviewing, interviewed, interviews, interview scheduled, interview done, interview completed, scheduled, "
    "to schedule, first interview, second interview, third interview, final interview, 1st interview, "
    "2nd interview, 3rd interview, first round, second round, third round, final round, 1st round, 2nd round, "
    "3rd round, final, panel, panel interview, video interview, virtual interview, "
    "eingeladen, eingeladen zum Gespräch, Einladung, "
    "Vorstellungsgespräch, Gespräch, Erstgespräch, Zweitgespräch, Telefoninterview, im Gespräch, "
    "entretien, entretien planifié, entretien passé, entretien téléphonique, "
    "entrevista, entrevistado, entrevista programada, "
    "初筛, 笔试, 面试, 面试中, 一面, 二面, 三面, 终面, hr面, 待面试, 已面试, 面試中, 技术面"
)

BY_WORD: Mapping[str, str] = {plain(word): outcome for outcome, words in _WORDS.items() for word in words.split(", ")}
BY_WHOM = frozenset(plain(word) for word in _BY_WHOM.split(", "))
KINDS: Mapping[str, str] = {
    plain(word): kind
    for kind, words in (("not_applied", _NOT_APPLIED), ("waiting", _WAITING), ("stage", _STAGES))
    for word in words.split(", ")
}
"""What the words say that stand for no outcome."""


def means_nothing(text: str) -> bool:
    """Whether a word stands for an empty cell, in any column of words."""
    return text.casefold() in EMPTY_WORDS | {"", "false"}


class Outcome(NamedTuple):
    """An Outcome cell as read."""

    outcome: str = ""
    """A word of ``OUTCOMES``; empty while there is none."""
    kind: str = ""
    """What the cell says where it is no outcome: ``waiting``, ``not_applied``, ``stage`` or ``unknown``."""
    by_whom: bool = False
    """It says that something was refused, and not who refused."""


def read_outcome(text: str) -> Outcome:
    """What the text of an Outcome cell stands for."""
    word = plain(text)
    if word in BY_WHOM:
        return Outcome("Closed", by_whom=True)
    if word in BY_WORD:
        return Outcome(BY_WORD[word])
    if word in KINDS:
        return Outcome(kind=KINDS[word])
    return Outcome(kind="" if means_nothing(text) else "unknown")
