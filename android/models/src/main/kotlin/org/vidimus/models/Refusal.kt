package org.vidimus.models

/**
 * Why no license came of an offer. Each has words of its own, which say what to do.
 *
 * @property code its stable name, the same on every system
 * @property mayRetry whether trying the same offer again can help
 */
public enum class Refusal(
    public val code: String,
    public val mayRetry: Boolean,
) {
    OFFER_MALFORMED("offer_malformed", false),
    OFFER_UNSUPPORTED("offer_unsupported", false),
    OFFER_GONE("offer_gone", false),
    CODE_MISSING("code_missing", true),
    CODE_MALFORMED("code_malformed", true),
    CODE_REFUSED("code_refused", true),
    DENIED("denied", false),
    ISSUER_REFUSED("issuer_refused", true),
    DEFERRED("deferred", true),
    ISSUER_BROKEN("issuer_broken", true),
    OTHER_KEY("other_key", false),
    NOT_IN_FORCE("not_in_force", false),
    UNTRUSTED("untrusted", false),
    NO_NETWORK("no_network", true),
    CAPTIVE_PORTAL("captive_portal", true),
    CERTIFICATE("certificate", true),
    SERVER("server", true),
    KEY_LOCKED("key_locked", true),
    KEY_FAILED("key_failed", true),
    STORAGE_FULL("storage_full", true),
    STORAGE_FAILED("storage_failed", true),
    CANCELLED("cancelled", true),
    INTERNAL("internal", true),
}
