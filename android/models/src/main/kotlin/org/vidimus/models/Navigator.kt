package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import org.vidimus.VaultProblem
import org.vidimus.WalletException

/** Which place the driver is at, and the wallet that is open: all on the dispatcher of [scope]. */
internal class Navigator(
    private val scope: CoroutineScope,
    private val phone: Phone,
) {
    val screens = MutableStateFlow<Screen>(Screen.Opening)
    val leaving = Channel<TroubleAction>(Channel.BUFFERED)
    val session = MutableStateFlow<Session?>(null)

    var place: Place = Place.Opening
        private set
    private var watching: Job? = null
    private var opening: Job? = null

    /** What a link brought before the wallet was open, or where the driver is not to be disturbed. */
    private var brought: String? = null

    init {
        // Whatever ends the scope, the wallet is let go of after what is shown stands in its log.
        scope.coroutineContext.job.invokeOnCompletion { session.value?.close() }
    }

    fun go(next: Place) {
        watching?.cancel()
        place = next
        watching = scope.launch { next.screens.collect { screens.value = it } }
        when (next) {
            is Place.Welcome, is Place.License, is Place.History, is Place.Settings -> readBrought()
            is Place.Show -> if (brought != null) readAfter(next.model)
            is Place.Opening, is Place.Blocked, is Place.Scan, is Place.Offer, is Place.Answer -> Unit
        }
    }

    /** To the licenses, or where there is none to how to get one. */
    fun home() {
        val session = session.value ?: return
        if (session.hasLicenses) go(Place.License(session.licenses)) else go(Place.Welcome(session.offer()))
    }

    fun start() {
        if (opening == null) open()
    }

    /** Opens the wallet once more, where it is not being opened. [aside] moves the one that is there aside first. */
    fun open(aside: Boolean = false) {
        if (opening?.isActive == true) return
        (place as? Place.Blocked)?.state?.update { it.copy(working = true) }
        opening =
            scope.launch {
                session.value?.close()
                session.value = null
                try {
                    if (aside) setAside()
                    begin()
                } catch (failure: WalletException) {
                    ensureActive()
                    block(failure)
                }
            }
    }

    /**
     * Begins anew: with a wallet that cannot be used any more. Where one is open that can show a license, nothing goes
     * aside: one license's key may be gone, and that one is issued anew beside the others.
     */
    private fun beginAnew() {
        val open = session.value?.takeIf { it.mayShow }
        when {
            place is Place.Blocked -> {
                // An open wallet need not be what is wrong: it goes aside only once it does not open again.
                open(aside = open == null)
            }

            open != null -> {
                endShow()
                go(Place.Welcome(open.offer()))
            }

            else -> {
                go(Place.Blocked(troubleHere() ?: return))
                open(aside = true)
            }
        }
    }

    private suspend fun setAside() {
        try {
            phone.setWalletAside()
        } catch (failure: WalletException.Vault) {
            // It went aside the time before; then the new one could not be made.
            if (failure.reason != VaultProblem.NOT_FOUND) throw failure
        }
    }

    private suspend fun CoroutineScope.begin() {
        val next = Session(scope, phone, phone.openWallet(), ::block)
        try {
            ensureActive()
            next.licenses.begin()
            session.value = next
        } finally {
            if (session.value !== next) next.close()
        }
        scope.launch { next.licenses.state.collect { if (it == null && place is Place.License) home() } }
        home()
    }

    private fun readBrought() {
        val text = brought ?: return
        brought = null
        arrive(text)
    }

    private fun block(failure: WalletException) {
        val before = (place as? Place.Blocked)?.state?.value?.trouble
        val trouble = troubleOf(failure, phone.hasLock)
        // Now that there is a lock again: it is this phone all the same, its keys are gone.
        val lost = before == Trouble.PASSCODE_REMOVED && trouble == Trouble.OTHER_DEVICE
        go(Place.Blocked(if (lost) Trouble.KEY_INVALIDATED else trouble))
    }

    fun read(model: OfferModel): Unit =
        model.read {
            if ((place as? Place.Welcome)?.model === model) go(Place.Offer(model))
        }

    /** Goes where an officer's question is read; `null` where there is nothing to answer with. */
    fun answer(): AnswerModel? {
        val session = session.value ?: return null
        val front = session.licenses.state.value?.card
        if (front?.mayShow != true) return null
        return session.answer().also { go(Place.Answer(it)) }
    }

    /** Shows the license in front: to anyone, or to who asks. */
    fun show(question: Question?) {
        val session = session.value ?: return
        val card = session.licenses.state.value?.card?.takeIf { it.mayShow } ?: return
        val model = session.show(card, question)
        go(Place.Show(model))
        model.begin()
    }

    /** Takes what is shown off the screen. */
    fun endShow() {
        (place as? Place.Show)?.let { session.value?.end(it.model) }
    }

    /**
     * Takes what the camera saw or a link brought to where it belongs. Any app can send a link: none ends what an
     * officer reads or waits for, nor puts another offer where the driver types a code.
     */
    fun arrive(text: String) {
        val place = place
        when {
            place is Place.Opening || place is Place.Blocked || place is Place.Offer -> brought = text
            place is Place.Show && place.model.isUnderWay -> arriveAfter(place.model, text)
            place is Place.Scan && place.over is Place.Answer && text.isOffer -> brought = text
            place is Place.Scan -> place.saw(text)
            place is Place.Answer && text.isChallenge -> place.model.read(text)
            place is Place.Answer -> brought = text
            place is Place.Welcome -> arrive(text, place.model)
            text.isChallenge -> answer()?.read(text)
            else -> session.value?.let { arrive(text, it.offer()) }
        }
    }

    private fun arriveAfter(
        show: ShowModel,
        text: String,
    ) {
        brought = text
        readAfter(show)
    }

    private fun readAfter(show: ShowModel) {
        scope.launch {
            show.awaitEnd()
            readBrought()
        }
    }

    /** Reads an offer that was not typed. */
    fun arrive(
        text: String,
        model: OfferModel,
    ) {
        endShow()
        if ((place as? Place.Welcome)?.model !== model) go(Place.Welcome(model))
        model.type(text)
        read(model)
    }

    /** Does what the trouble that is on the screen offers to do. */
    fun act(action: TroubleAction) {
        if (!offers(action)) return
        when (action) {
            TroubleAction.RETRY, TroubleAction.REFRESH -> again()

            TroubleAction.UNLOCK -> unlock()

            TroubleAction.BEGIN_ANEW -> beginAnew()

            TroubleAction.SET_CLOCK,
            TroubleAction.SET_LOCK,
            TroubleAction.FREE_STORAGE,
            TroubleAction.UPDATE_APP,
            TroubleAction.ASK_AUTHORITY,
            -> leaving.trySend(action)
        }
    }

    /** The driver comes back from where the trouble was to be cured. */
    fun comeBack() {
        val blocked = (place as? Place.Blocked)?.state?.value ?: return
        if (blocked.trouble.action in CURED_OUTSIDE) open()
    }

    private fun again() {
        when (val place = place) {
            is Place.Blocked -> open()
            is Place.License -> place.model.refresh()
            is Place.Show -> place.model.begin()
            else -> Unit
        }
    }

    private fun unlock() {
        val from = place
        // A showing asks the lock itself.
        if (from is Place.Show) return again()
        (from as? Place.Blocked)?.state?.update { it.copy(working = true) }
        scope.launch {
            val outcome = phone.unlock()
            (from as? Place.Blocked)?.state?.update { it.copy(working = false) }
            if (outcome == LockOutcome.OPENED && place === from) again()
        }
    }

    private fun offers(action: TroubleAction): Boolean =
        when (val place = place) {
            is Place.License -> place.troubles.any { it.action == action }
            is Place.Blocked -> !place.state.value.working && place.state.value.trouble.action == action
            is Place.Show -> place.model.state.value.offers(action)
            else -> false
        }

    private fun ShowState.offers(action: TroubleAction): Boolean =
        when (this) {
            is ShowState.Failed -> trouble.action == action
            is ShowState.Locked -> outcome == LockOutcome.NO_LOCK && action == TroubleAction.SET_LOCK
            else -> false
        }

    /** The trouble that is on the screen and wants a new beginning. */
    private fun troubleHere(): Trouble? =
        when (val place = place) {
            is Place.License -> place.troubles.find { it.action == TroubleAction.BEGIN_ANEW }
            is Place.Show -> (place.model.state.value as? ShowState.Failed)?.trouble
            else -> null
        }

    private val Place.License.troubles: List<Trouble>
        get() =
            model.state.value
                ?.troubles
                .orEmpty()

    private companion object {
        val CURED_OUTSIDE = setOf(TroubleAction.SET_LOCK, TroubleAction.FREE_STORAGE, TroubleAction.UNLOCK)

        /** The text of a challenge's QR, or the digits of one. */
        val CHALLENGE = Regex("(?i)DLQ1:.*|[0-9]{8}")

        val String.isChallenge: Boolean get() = CHALLENGE.matches(trim())

        val String.isOffer: Boolean get() = trim().startsWith("openid-credential-offer:", ignoreCase = true)
    }
}
