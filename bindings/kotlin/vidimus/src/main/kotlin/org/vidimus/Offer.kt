package org.vidimus

/**
 * A credential offer that [Wallet.readOffer] has read. Show the driver who offers, ask for the
 * code, then [Wallet.enroll].
 */
public class Offer internal constructor(
    internal val core: CoreOffer,
) {
    private val details = translated { core.details() }

    /** The address of the authority that offers. */
    public val issuer: String get() = details.issuer

    /** The authority's own name for people; `null` where it has none. */
    public val displayName: String? get() = details.displayName

    /** Who vouches for that address. */
    public val standing: IssuerStanding get() = details.standing

    /**
     * The code that the driver must type, and how it looks; `null` where none is asked for, and
     * where no one vouches for the address: it is given none.
     */
    public val txCode: TxCode? get() = details.txCode
}

/**
 * A reader's challenge that [Wallet.readChallenge] has read. Show the driver who asks, then
 * [Wallet.answer].
 */
public class ReaderRequest internal constructor(
    internal val core: CoreReaderRequest,
) {
    private val details = translated { core.details() }

    /**
     * The name that the reader gives itself; `dl1:code` for digits that were read out. Nothing
     * proves it.
     */
    public val reader: String get() = details.reader

    /** The reader's name by the trust list; `null` where nothing proves who asks. */
    public val provenName: String? get() = details.provenName

    /** Whether the reader asks for the driver's face too: see [Presentation.showFace]. */
    public val wantsFace: Boolean get() = details.wantsFace
}
