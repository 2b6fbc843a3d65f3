package org.vidimus.shell.support

import org.vidimus.Verifier
import org.vidimus.support.Authority
import java.net.URI

/** An officer's reader, with the trust list that the authority gives to everybody now. */
fun Authority.officer(): Verifier = Verifier(rootKey).apply { setTrustList(URI("$issuer/trust").toURL().readBytes()) }
