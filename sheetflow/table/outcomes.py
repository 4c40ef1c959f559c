"""The words of the Outcome column: what each of other people's words means here. Data only."""

from __future__ import annotations

from collections.abc import Mapping

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
_STAGES = (
    "applied, application sent, submitted, application submitted, saved, bookmarked, wishlist, to apply, applying, "
    "interested, prospect, new, open, active, draft, screening, screen, phone, phone screen, phone screening, "
    "phone call, phone interview, recruiter screen, recruiter call, hr screen, hr call, hr interview, intro call, "
    "onsite, technical, technical interview, technical screen, tech interview, coding challenge, "
    "code challenge, take-home, assessment, online assessment, assignment, case study, interview, "
    "interviewing, interviewed, interviews, interview scheduled, interview done, interview completed, scheduled, "
    "to schedule, first interview, second interview, third interview, final interview, 1st interview, "
    "2nd interview, 3rd interview, first round, second round, third round, final round, 1st round, 2nd round, "
    "3rd round, final, panel, panel interview, video interview, virtual interview, pending, waiting, "
    "waiting for response, waiting for reply, waiting to hear back, awaiting response, awaiting reply, "
    "awaiting feedback, awaiting decision, awaiting, in progress, in process, in review, under review, reviewing, "
    "under consideration, shortlisted, ongoing, on hold, hold, follow up, followed up, thank you sent, to do, "
    "beworben, Bewerbung gesendet, in Bearbeitung, offen, eingeladen, eingeladen zum Gespräch, Einladung, "
    "Vorstellungsgespräch, Gespräch, Erstgespräch, Zweitgespräch, Telefoninterview, wartend, warten, ausstehend, "
    "laufend, im Gespräch, postulé, postulée, candidature envoyée, candidaté, envoyée, envoyé, en cours, "
    "en attente, entretien, entretien planifié, entretien passé, entretien téléphonique, relancé, à relancer, "
    "postulado, aplicado, enviado, solicitud enviada, en proceso, en curso, pendiente, en espera, esperando, "
    "entrevista, entrevistado, entrevista programada, "
    "已投递, 投递, 已申请, 申请中, 初筛, 简历筛选, 笔试, 面试, 面试中, 一面, 二面, 三面, 终面, hr面, 待面试, 已面试, "
    "等待, 等待中, 等待结果, 待定, 进行中, 面試中, 等待結果, 已投遞"
)

BY_WORD: Mapping[str, str] = {plain(word): outcome for outcome, words in _WORDS.items() for word in words.split(", ")}
BY_WHOM = frozenset(plain(word) for word in _BY_WHOM.split(", "))
SILENT = frozenset(plain(word) for word in _STAGES.split(", "))


def means_nothing(text: str) -> bool:
    """Whether a word stands for an empty cell, in any column of words."""
    return text.casefold() in EMPTY_WORDS | {"", "false"}


def read_outcome(text: str) -> tuple[str, str]:
    """The outcome that a word stands for (empty: none), and what is doubtful about it (empty: nothing)."""
    word = plain(text)
    if word in BY_WHOM:
        return "Closed", "by_whom"
    if word in BY_WORD:
        return BY_WORD[word], ""
    return "", "" if word in SILENT or means_nothing(text) else "unknown"
