package org.vidimus

import kotlin.time.Instant

/**
 * Checks presentations without any network. Have one for each reader and keep it: it remembers what
 * it has seen, so that a picture shown twice is noticed.
 *
 * It may be used from any thread; each function is done in less than a millisecond and does not
 * suspend. After [close] all of them throw [WalletException.Closed].
 *
 * @param rootKey the public key that signs the authority's trust list: a COSE_Key, as the authority
 * publishes it
 * @param policy what this reader is willing to take
 * @throws WalletException.Untrusted where [rootKey] is no key
 * @throws WalletException.InvalidArgument where [policy] has a negative number
 */
public class Verifier(
    rootKey: ByteArray,
    policy: VerifierPolicy = DEFAULT_POLICY,
) : AutoCloseable {
    private val lifetime = Lifetime(translated { CoreVerifier(rootKey, policy) })

    internal val core: Lifetime<CoreVerifier> get() = lifetime

    /**
     * Takes the authority's trust list, without which everything is refused.
     *
     * @throws WalletException.Untrusted for one that the root key did not sign, or that comes
     * before the one held
     */
    public fun setTrustList(bytes: ByteArray): Unit = lifetime.call { it.setTrustList(bytes) }

    /**
     * Takes a bundle of statuses, for readers that are long without a network; the trust list
     * first. It takes the place of the one of the same lists. At most 64 are held, of 256 MiB
     * together.
     *
     * @return whose licenses it covers, and how old it is
     * @throws WalletException.Untrusted for one that the trust list does not vouch for, that is
     * older than the one held, or for which there is no room: [forgetBundles] makes some
     */
    public fun setBundle(bytes: ByteArray): StatusBundle = lifetime.call { it.setBundle(bytes) }

    /** Forgets every bundle, so that there is room for others. */
    public fun forgetBundles(): Unit = lifetime.call { it.forgetBundles() }

    /**
     * A challenge to show as a QR: its answer cannot be a recording. It counts for 120 seconds.
     *
     * @param reader the name that the driver will read, 1 to 64 bytes of UTF-8; nothing proves it
     * @param now this reader's time, by default the device's
     * @throws WalletException.InvalidArgument for another name
     */
    public fun ask(
        reader: String,
        now: Instant? = null,
    ): Challenge = lifetime.call { it.ask(reader.proper(), now) }

    /**
     * A challenge of 8 digits to read out, for a driver whose camera does not work. It counts for
     * three attempts and for 120 seconds.
     */
    public fun askByDigits(): Challenge = lifetime.call { it.askByDigits() }

    /**
     * Judges the [text] of a scanned QR. It throws nothing over what is wrong with it: that is a
     * [Verdict.Refuse] with its reasons.
     *
     * @param challenge the challenge of this verifier that must be answered
     * @param onlineStatus the license's status list as just fetched from the authority
     * @param category the code of a category that the holder must hold today
     * @param now this reader's time, by default the device's
     * @throws WalletException.InvalidArgument for a challenge that this verifier did not make, or
     * forgot over 64 newer ones
     */
    public fun check(
        text: String,
        challenge: Challenge? = null,
        onlineStatus: ByteArray? = null,
        category: String? = null,
        now: Instant? = null,
    ): Verdict {
        val question = Question(challenge?.id?.proper(), onlineStatus, category?.proper())
        return lifetime.call { it.check(text.proper(), question, now) }
    }

    /**
     * What it has seen, in bytes to keep over a restart: at most 164 KB, and nothing personal. A
     * code that was accepted is refused for as long as it could be accepted again.
     */
    public fun remembered(): ByteArray = lifetime.call { it.remembered() }

    /**
     * Takes over what another verifier has [remembered], beside what this one has seen since.
     *
     * @throws WalletException.InvalidArgument where [bytes] are not what it gave: then a code of
     * the last two minutes could be accepted twice
     */
    public fun remember(bytes: ByteArray): Unit = lifetime.call { it.remember(bytes) }

    /** Forgets what it has seen. A check that is under way in another thread still answers. */
    override fun close(): Unit = lifetime.close()

    /** What readers have in common. */
    public companion object {
        /** The policy of the profile; change one number with `copy`. */
        public val DEFAULT_POLICY: VerifierPolicy by lazy { translated { coreDefaultPolicy() } }
    }
}

/** What was found, for each kind of verdict. */
public val Verdict.findings: Findings
    get() =
        when (this) {
            is Verdict.Accept -> findings
            is Verdict.Caution -> findings
            is Verdict.Refuse -> findings
        }

/** The license, where the authority's signature on it holds. */
public val Verdict.license: License?
    get() =
        when (this) {
            is Verdict.Accept -> license
            is Verdict.Caution -> license
            is Verdict.Refuse -> license
        }

/** The stable name of this reason, as in `status_stale`: the same in every language and release. */
public val Reason.code: String get() = name.lowercase()
