package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import org.vidimus.Wallet
import org.vidimus.WalletException
import kotlin.time.Duration.Companion.minutes

/** A wallet that is open, and the models of the screens on it. They end with it. */
internal class Session(
    outer: CoroutineScope,
    private val phone: Phone,
    private val wallet: Wallet,
    private val failed: (WalletException) -> Unit,
) : AutoCloseable {
    private val scope = CoroutineScope(outer.coroutineContext + SupervisorJob(outer.coroutineContext.job))

    /** The showing whose log entry may still have to be written. */
    private var shown: Job? = null

    val licenses = LicensesModel(scope, phone, wallet.asSource())

    /** `false` where nothing is left to show. It is up to date sooner than [licenses]. */
    val hasLicenses: Boolean get() = wallet.status.value.licenses.isNotEmpty()

    /** Whether any license can still be shown. */
    val mayShow: Boolean get() =
        licenses.state.value
            ?.cards
            .orEmpty()
            .any { it.mayShow }

    fun offer(): OfferModel =
        OfferModel(
            scope,
            mayGoBack = hasLicenses,
            again = wallet.status.value.missesLicense,
            reader = wallet::offer,
        )

    fun answer(): AnswerModel = AnswerModel(scope, ::report, wallet::question)

    fun show(
        card: LicenseCard,
        question: Question?,
    ): ShowModel =
        ShowModel(scope, phone, card.holder?.name.orEmpty(), question?.asker) {
            question?.answer(card.id) ?: wallet.present(card.id).asShowing()
        }

    fun history(): HistoryModel =
        HistoryModel(scope, ::report) { limit ->
            shown?.join()
            wallet.activity(limit)
        }

    fun settings(): SettingsModel {
        val cards = licenses.state.value?.cards.orEmpty()
        val first =
            SettingsState(cards, authority = wallet.authority, version = phone.version, notices = phone.notices)
        return SettingsModel(scope, first, phone::unlock, ::report, wallet::remove)
    }

    /** Takes a showing off the screen; the history waits for its entry. */
    fun end(show: ShowModel) {
        shown = show.end() ?: shown
    }

    /** Keeps the wallet fresh and its ages right for as long as it is let. */
    suspend fun keepFresh(): Unit =
        coroutineScope {
            launch { licenses.age() }
            while (true) {
                try {
                    wallet.keepFresh()
                    // It was closed; the next one has its own.
                    awaitCancellation()
                } catch (failure: WalletException) {
                    licenses.report(failure)
                }
                delay(1.minutes)
            }
        }

    override fun close() {
        scope.cancel()
        phone.releaseWallet(wallet)
    }

    private fun report(failure: WalletException) {
        if (failure !is WalletException.Closed) failed(failure)
    }
}
