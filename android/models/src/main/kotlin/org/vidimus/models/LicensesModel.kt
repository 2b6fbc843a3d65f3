package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.vidimus.HeldLicense
import org.vidimus.LicenseStanding
import org.vidimus.RefreshFailure
import org.vidimus.RefreshReport
import org.vidimus.RefreshScope
import org.vidimus.RefreshSubject
import org.vidimus.TimeEstimate
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.WalletStatus
import org.vidimus.standingsAfter
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** What the licenses' screen needs of a wallet. */
internal interface LicenseSource {
    val status: StateFlow<WalletStatus>

    suspend fun time(): TimeEstimate

    suspend fun portrait(license: String): ByteArray?

    /** Asks for the newest status, due or not. */
    suspend fun refresh(): RefreshReport
}

/** The licenses of a wallet, their status and its age, and what is wrong. */
internal class LicensesModel(
    private val scope: CoroutineScope,
    private val phone: Phone,
    private val source: LicenseSource,
) {
    private val states = MutableStateFlow<LicenseState?>(null)
    private val portraits = Portraits(scope, source::portrait, ::draw)
    private var reading: Reading? = null
    private var front: String? = null
    private var failures = emptyList<RefreshFailure>()
    private var fault: WalletException? = null
    private var refreshing: Job? = null

    /** `null` where there is no license. */
    val state: StateFlow<LicenseState?> = states.asStateFlow()

    /**
     * Reads the wallet, and follows it from then on.
     *
     * @throws WalletException where it cannot be read
     */
    suspend fun begin() {
        take(source.status.value)
        scope.launch { source.status.collect(::follow) }
    }

    /**
     * Brings a license to the front that has just come.
     *
     * @throws WalletException where the wallet cannot be read
     */
    suspend fun bring(license: String) {
        front = license
        take(source.status.value)
    }

    fun select(index: Int) {
        val card = states.value?.cards?.getOrNull(index) ?: return
        front = card.id
        draw()
    }

    fun refresh() {
        if (refreshing?.isActive == true) return
        refreshing =
            scope.launch {
                try {
                    source.refresh()
                    fault = null
                } catch (_: WalletException.Closed) {
                    return@launch
                } catch (failure: WalletException) {
                    fault = failure
                }
            }
        // Drawn once more when it is over, however it ended.
        refreshing?.invokeOnCompletion { scope.launch { draw() } }
        draw()
    }

    /** Says that the wallet could not be kept fresh; the next refresh forgets it. */
    fun report(failure: WalletException) {
        fault = failure
        draw()
    }

    /** Lets the ages grow, minute by minute, for as long as it is let. */
    suspend fun age() {
        while (true) {
            reading?.let { follow(it.status) }
            delay(1.minutes)
        }
    }

    private suspend fun follow(status: WalletStatus) {
        try {
            take(status)
        } catch (_: WalletException.Closed) {
            // What was last seen stays until the next wallet is there.
        } catch (failure: WalletException) {
            report(failure)
        }
    }

    private suspend fun take(status: WalletStatus) {
        val last = reading
        // Its ages and standings are those of when it was read, which was now only the first time.
        val readAt = if (last?.status === status) last.readAt else phone.elapsed.markNow()
        val time = source.time()
        if (source.status.value === status) reading = Reading(status, readAt, time)
        if (last != null && status.lastRefresh != last.status.lastRefresh) fault = null
        val refreshed = status.lastRefresh?.report
        // One that had nothing to ask has found out nothing.
        if (refreshed != null && (refreshed.requests > 0 || refreshed.failures.isNotEmpty())) {
            failures = refreshed.failures
        }
        draw()
    }

    private fun draw() {
        val reading = reading ?: return
        val held = reading.status.licenses
        if (held.isEmpty()) {
            states.value = null
            return
        }
        val selected = held.indexOfFirst { it.id == front }.coerceAtLeast(0)
        front = held[selected].id
        states.value =
            LicenseState(
                cards = held.map { it.card(reading) },
                selected = selected,
                refreshing = refreshing?.isActive == true,
                troubles = troubles(held[selected], reading),
            )
        portraits.want(held[selected], held)
    }

    private fun HeldLicense.card(reading: Reading): LicenseCard =
        LicenseCard(
            id = id,
            holder = license?.holder(),
            standing = reading.standing(this),
            portrait = portraits.of(this),
            damaged = damaged,
        )

    private fun troubles(
        held: HeldLicense,
        reading: Reading,
    ): List<Trouble> {
        val failed = failures.filter { it.subject.concerns(held.id) }.map(RefreshFailure::error) + listOfNotNull(fault)
        return troublesOf(
            standings = reading.standings(held),
            rolledBack = reading.status.health.rolledBack,
            damaged = held.damaged || reading.status.health.damaged.isNotEmpty(),
            failures = failed.mapNotNull { refreshTroubleOf(it, phone.hasLock) },
            setBack = reading.time.setBack,
        )
    }

    private fun RefreshSubject.concerns(id: String): Boolean =
        when (this) {
            is RefreshSubject.TrustList -> true
            is RefreshSubject.Status -> license == id
            is RefreshSubject.Renewal -> license == id
        }

    /** What a wallet said, and when by the clock that nobody sets. */
    private class Reading(
        val status: WalletStatus,
        val readAt: ComparableTimeMark,
        val time: TimeEstimate,
    ) {
        fun standings(held: HeldLicense): List<LicenseStanding> = held.standingsAfter(readAt.elapsedNow())

        fun standing(held: HeldLicense): Standing {
            val age = held.status.age?.let { (it + readAt.elapsedNow()).wholeMinutes() }
            return Standing(standings(held).first(), held.status.asOf, age)
        }
    }
}

internal fun Wallet.asSource(): LicenseSource =
    object : LicenseSource {
        override val status get() = this@asSource.status

        override suspend fun time() = this@asSource.time()

        override suspend fun portrait(license: String) = this@asSource.portrait(license)

        override suspend fun refresh() = this@asSource.refresh(RefreshScope.NOW)
    }

/** An age as it is told: nobody wants its seconds. */
internal fun Duration.wholeMinutes(): Duration = inWholeMinutes.minutes
