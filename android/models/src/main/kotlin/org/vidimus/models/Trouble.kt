package org.vidimus.models

import org.vidimus.Tone

/**
 * What may be wrong: each with what happened, what still holds and what to do, as words of the table.
 *
 * @property code its stable name, the same on every system
 * @property tone how bad it is
 * @property action what the driver can do about it here
 */
public enum class Trouble(
    public val code: String,
    public val tone: Tone,
    public val action: TroubleAction,
) {
    // The order is that of the screen: the worst first.
    KEY_INVALIDATED("key_invalidated", Tone.BAD, TroubleAction.BEGIN_ANEW),
    PASSCODE_REMOVED("passcode_removed", Tone.BAD, TroubleAction.SET_LOCK),
    OTHER_DEVICE("other_device", Tone.BAD, TroubleAction.BEGIN_ANEW),
    DAMAGED("damaged", Tone.BAD, TroubleAction.BEGIN_ANEW),
    NEWER_VERSION("newer_version", Tone.BAD, TroubleAction.UPDATE_APP),
    STORAGE_FULL("storage_full", Tone.BAD, TroubleAction.FREE_STORAGE),
    STORAGE_FAILED("storage_failed", Tone.BAD, TroubleAction.RETRY),
    DEVICE_LOCKED("device_locked", Tone.CAUTION, TroubleAction.UNLOCK),
    KEY_STORE("key_store", Tone.BAD, TroubleAction.RETRY),
    INTERNAL("internal", Tone.BAD, TroubleAction.RETRY),
    REVOKED("revoked", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    SUSPENDED("suspended", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    POINTS_LIMIT("points_limit", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    LAPSED("lapsed", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    SUPERSEDED("superseded", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    LICENSE_EXPIRED("license_expired", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    ROLLED_BACK("rolled_back", Tone.CAUTION, TroubleAction.REFRESH),
    AUTHORITY_UNKNOWN("authority_unknown", Tone.BAD, TroubleAction.ASK_AUTHORITY),
    CLOCK_SET_BACK("clock_set_back", Tone.CAUTION, TroubleAction.SET_CLOCK),
    STATUS_UNKNOWN("status_unknown", Tone.UNKNOWN, TroubleAction.REFRESH),
    STATUS_OLD("status_old", Tone.CAUTION, TroubleAction.REFRESH),
    UNRESOLVED("unresolved", Tone.CAUTION, TroubleAction.ASK_AUTHORITY),
    NO_NETWORK("no_network", Tone.UNKNOWN, TroubleAction.REFRESH),
}

/** What a driver can do about a trouble. Those that leave the app are for the system's shell. */
public enum class TroubleAction {
    /** Try once more. */
    RETRY,

    /** Ask the authority now. */
    REFRESH,

    /** Open the system's settings of the clock. */
    SET_CLOCK,

    /** Open the system's settings of the screen lock; then begin anew. */
    SET_LOCK,

    /** Open the system's settings of the storage; then try once more. */
    FREE_STORAGE,

    /** Open the store's page of this app. */
    UPDATE_APP,

    /** Move the files aside and begin anew. */
    BEGIN_ANEW,

    /** Call or write to the authority: nothing in the app helps. */
    ASK_AUTHORITY,

    /** Unlock the phone, then try once more. */
    UNLOCK,
}
