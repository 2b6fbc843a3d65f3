package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.vidimus.IssuerStanding
import org.vidimus.TxCode
import org.vidimus.Wallet
import org.vidimus.WalletException

/** An offer that was read, and how to take it up; the answer is the license's id. */
internal class ReadOffer(
    val issuer: String,
    val name: String?,
    val standing: IssuerStanding,
    val code: TxCode?,
    val take: suspend (code: String?) -> String,
)

/** Reads an offer for the model of its screen. */
internal suspend fun Wallet.offer(text: String): ReadOffer {
    val offer = readOffer(text)
    return ReadOffer(offer.issuer, offer.displayName, offer.standing, offer.txCode) { code -> enroll(offer, code) }
}

/** From nothing to a license: the text of an offer, who offers, the code. */
internal class OfferModel(
    private val scope: CoroutineScope,
    mayGoBack: Boolean,
    again: Boolean = false,
    private val reader: suspend (text: String) -> ReadOffer,
) {
    private val welcomeState = MutableStateFlow(WelcomeState(mayGoBack = mayGoBack, again = again))
    private val offerState = MutableStateFlow<OfferState?>(null)
    private var offer: ReadOffer? = null
    private var work: Job? = null

    val welcome: StateFlow<WelcomeState> = welcomeState.asStateFlow()

    /** `null` as long as none was read. */
    val state: StateFlow<OfferState?> = offerState.asStateFlow()

    private val isIssuing: Boolean get() = offerState.value?.issuing == true

    fun type(text: String) {
        if (!welcomeState.value.reading) welcomeState.update { it.copy(text = text, refusal = null) }
    }

    /** Reads the offer that was typed; [taken] is called where it is one. */
    fun read(taken: () -> Unit) {
        val text = welcomeState.value.text.trim()
        if (welcomeState.value.reading || text.isEmpty()) return
        welcomeState.update { it.copy(reading = true, refusal = null) }
        work {
            val refusal =
                refusal {
                    val offer = reader(text)
                    this@OfferModel.offer = offer
                    offerState.value = offer.shown()
                }
            welcomeState.update { it.copy(reading = false, refusal = refusal) }
            if (refusal == null) taken()
        }
    }

    fun typeCode(text: String): Unit =
        offerState.update { state ->
            val code = state?.code
            if (state == null || code == null || state.issuing) state else state.copy(code = code.accept(text))
        }

    /** Takes the offer up; [done] is called with the id of the license that came. */
    fun take(done: suspend (license: String) -> Unit) {
        val offer = offer ?: return
        val state = offerState.value ?: return
        if (!state.mayTake) return
        offerState.value = state.copy(issuing = true, refusal = null)
        work {
            val refusal = refusal { done(offer.take(state.code?.text)) }
            if (refusal == null) forget() else offerState.update { it?.refused(refusal) }
        }
    }

    /** Stops what is under way. Returns whether anything was. The same offer can be taken up again. */
    fun cancel(): Boolean {
        val reading = welcomeState.value.reading
        val issuing = isIssuing
        if (!reading && !issuing) return false
        work?.cancel()
        welcomeState.update { it.copy(reading = false) }
        if (issuing) offerState.update { it?.refused(Refusal.CANCELLED) }
        return true
    }

    /** Lets go of the offer that was read, and of the code. */
    fun forget() {
        offer = null
        offerState.value = null
    }

    private fun work(block: suspend CoroutineScope.() -> Unit) {
        val before = work
        work =
            scope.launch {
                // What was cancelled may still write: two never run at once.
                before?.join()
                block()
            }
    }

    private suspend inline fun CoroutineScope.refusal(block: suspend () -> Unit): Refusal? =
        try {
            block()
            null
        } catch (failure: WalletException) {
            ensureActive()
            Refusal.of(failure)
        }

    private fun ReadOffer.shown(): OfferState =
        OfferState(
            issuer = issuer,
            name = name,
            proven = standing == IssuerStanding.AUTHORITY,
            code = code?.let { CodeField("", it.numeric, it.length, it.description) },
        )

    private fun OfferState.refused(refusal: Refusal): OfferState {
        val wrong = refusal in WRONG_CODE
        return copy(issuing = false, refusal = refusal, code = if (wrong) code?.copy(text = "") else code)
    }

    private companion object {
        val WRONG_CODE = setOf(Refusal.CODE_MISSING, Refusal.CODE_MALFORMED, Refusal.CODE_REFUSED)
    }
}
