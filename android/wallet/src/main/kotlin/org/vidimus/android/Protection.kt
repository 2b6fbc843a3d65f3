package org.vidimus.android

/** Where the device keeps a key. */
public enum class Protection {
    /** In the system's own process: apps cannot read it, but anyone who owns the system can. */
    SOFTWARE,

    /** In the processor's trusted environment, which the system cannot read. */
    TRUSTED_ENVIRONMENT,

    /** In a separate chip: StrongBox. */
    STRONGBOX,
    ;

    /** Whether the system itself cannot read the key. */
    public val isHardware: Boolean get() = this != SOFTWARE
}

/**
 * Whether the key that wraps the vault's data key may be one in [software][Protection.SOFTWARE].
 * Holder keys never are: where the hardware makes none, the vault keeps a holder key itself,
 * sealed, and the authority knows it.
 */
public enum class WrappingPolicy {
    /**
     * No hardware, no wallet: making one fails with `KeyStore(UNAVAILABLE)`. The default. Every
     * phone that ships with Google's services and Android 8 or newer has such hardware, so what
     * this turns away is an emulator, or a system that pretends.
     */
    HARDWARE_ONLY,

    /**
     * Hardware where it is there, and software otherwise. The vault is then as safe as the system's
     * encryption of files: anyone who owns the system can open it. For emulators, and for
     * authorities that accept such phones.
     */
    SOFTWARE_ALLOWED,
}
