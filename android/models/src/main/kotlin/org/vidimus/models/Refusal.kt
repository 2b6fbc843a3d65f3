package org.vidimus.models

import org.vidimus.IssuerProblem
import org.vidimus.KeyStoreProblem
import org.vidimus.NetworkProblem
import org.vidimus.OfferProblem
import org.vidimus.StorageProblem
import org.vidimus.VaultProblem
import org.vidimus.WalletException

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
    ISSUER_UNKNOWN("issuer_unknown", false),
    CODE_MISSING("code_missing", true),
    CODE_MALFORMED("code_malformed", true),
    CODE_REFUSED("code_refused", true),
    DENIED("denied", false),
    ISSUER_REFUSED("issuer_refused", true),
    DEFERRED("deferred", true),
    ISSUER_BROKEN("issuer_broken", true),
    OTHER_KEY("other_key", false),
    NOT_IN_FORCE("not_in_force", false),
    SERVER_TIME_WRONG("server_time_wrong", true),
    UNTRUSTED("untrusted", false),
    NO_NETWORK("no_network", true),
    CAPTIVE_PORTAL("captive_portal", true),
    CERTIFICATE("certificate", true),
    SERVER("server", true),
    BUSY("busy", true),
    KEY_LOCKED("key_locked", true),
    KEY_FAILED("key_failed", true),
    STORAGE_FULL("storage_full", true),
    STORAGE_FAILED("storage_failed", true),
    CANCELLED("cancelled", true),
    INTERNAL("internal", true),
    ;

    /** Where refusals come from. */
    public companion object {
        /** What a failure means to whoever reads or takes up an offer. */
        public fun of(failure: WalletException): Refusal =
            when (failure) {
                is WalletException.Offer -> of(failure.reason)

                is WalletException.Issuer -> of(failure.reason)

                is WalletException.Network -> of(failure.reason)

                is WalletException.Server -> SERVER

                is WalletException.Busy -> BUSY

                is WalletException.ServerTimeWrong -> SERVER_TIME_WRONG

                is WalletException.Vault -> of(failure.reason)

                is WalletException.Storage -> of(failure.reason)

                is WalletException.KeyStore -> of(failure.reason)

                is WalletException.Untrusted -> UNTRUSTED

                is WalletException.Cancelled -> CANCELLED

                // The offer is the only argument that a driver gives; the code was looked through before.
                is WalletException.InvalidArgument -> OFFER_MALFORMED

                is WalletException.NoSuchLicense,
                is WalletException.PresentationEnded,
                is WalletException.Challenge,
                is WalletException.Closed,
                is WalletException.Internal,
                -> INTERNAL
            }

        private fun of(problem: OfferProblem): Refusal =
            when (problem) {
                OfferProblem.MALFORMED -> OFFER_MALFORMED
                OfferProblem.UNSUPPORTED -> OFFER_UNSUPPORTED
                OfferProblem.GONE -> OFFER_GONE
                OfferProblem.ISSUER_UNKNOWN -> ISSUER_UNKNOWN
                OfferProblem.TX_CODE_REQUIRED -> CODE_MISSING
                OfferProblem.TX_CODE_MALFORMED -> CODE_MALFORMED
                OfferProblem.REFUSED -> CODE_REFUSED
            }

        private fun of(problem: IssuerProblem): Refusal =
            when (problem) {
                IssuerProblem.DENIED -> DENIED

                IssuerProblem.REFUSED, IssuerProblem.NOT_RENEWABLE -> ISSUER_REFUSED

                IssuerProblem.DEFERRED -> DEFERRED

                IssuerProblem.OTHER_KEY -> OTHER_KEY

                IssuerProblem.NOT_IN_FORCE -> NOT_IN_FORCE

                // Without a list of keys nothing of it can be trusted.
                IssuerProblem.TRUST_LIST_MISSING -> UNTRUSTED

                IssuerProblem.METADATA,
                IssuerProblem.STATUS_UNUSABLE,
                IssuerProblem.ANSWER_MALFORMED,
                -> ISSUER_BROKEN
            }

        private fun of(problem: NetworkProblem): Refusal =
            when (problem) {
                // It names an issuer that could never be asked safely.
                NetworkProblem.ADDRESS_NOT_ALLOWED -> OFFER_UNSUPPORTED

                NetworkProblem.UNREACHABLE, NetworkProblem.TIMEOUT, NetworkProblem.BROKEN -> NO_NETWORK

                NetworkProblem.CERTIFICATE -> CERTIFICATE

                NetworkProblem.CAPTIVE_PORTAL -> CAPTIVE_PORTAL

                NetworkProblem.TOO_LARGE -> ISSUER_BROKEN
            }

        private fun of(problem: VaultProblem): Refusal =
            when (problem) {
                VaultProblem.KEY_INVALIDATED, VaultProblem.OTHER_DEVICE -> KEY_FAILED

                VaultProblem.ALREADY_EXISTS,
                VaultProblem.NOT_FOUND,
                VaultProblem.HAD_BEFORE,
                VaultProblem.NEWER_VERSION,
                VaultProblem.DAMAGED,
                -> STORAGE_FAILED
            }

        private fun of(problem: StorageProblem): Refusal =
            when (problem) {
                StorageProblem.FULL -> STORAGE_FULL
                StorageProblem.READ_ONLY, StorageProblem.BUSY, StorageProblem.FAILED -> STORAGE_FAILED
            }

        private fun of(problem: KeyStoreProblem): Refusal =
            when (problem) {
                KeyStoreProblem.LOCKED -> KEY_LOCKED

                KeyStoreProblem.UNAVAILABLE,
                KeyStoreProblem.NOT_FOUND,
                KeyStoreProblem.REFUSED,
                KeyStoreProblem.FAILED,
                KeyStoreProblem.TIMEOUT,
                -> KEY_FAILED
            }
    }
}
