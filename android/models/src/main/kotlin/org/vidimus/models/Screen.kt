package org.vidimus.models

/**
 * What is on the phone's screen: a value, from which the same picture is drawn on every system.
 *
 * @property code the stable name of the screen, the same on every system
 */
public sealed class Screen(
    public val code: String,
) {
    /** The wallet is being opened. */
    public data object Opening : Screen("opening")

    /** There is no license yet, or another one is to be added. */
    public data class Welcome(
        val state: WelcomeState,
    ) : Screen("welcome")

    /** The camera looks for a QR. */
    public data class Scan(
        val state: ScanState,
    ) : Screen("scan")

    /** An offer of a license. */
    public data class Offer(
        val state: OfferState,
    ) : Screen("offer")

    /** The licenses on this phone. */
    public data class License(
        val state: LicenseState,
    ) : Screen("license")

    /** A license is shown to somebody. */
    public data class Show(
        val state: ShowState,
    ) : Screen("show")

    /** An officer asks. */
    public data class Answer(
        val state: AnswerState,
    ) : Screen("answer")

    /** What happened to the licenses. */
    public data class History(
        val state: HistoryState,
    ) : Screen("history")

    /** What is stored, and how to remove it. */
    public data class Settings(
        val state: SettingsState,
    ) : Screen("settings")

    /** The wallet cannot be opened. */
    public data class Blocked(
        val state: BlockedState,
    ) : Screen("blocked")
}
