package org.vidimus.models

/**
 * What a driver can do on the screens. Each call returns at once; what comes of it is the next [Screen].
 *
 * One that does not belong to the present screen does nothing: a finger may be slower than a screen.
 */
public interface Actions {
    /** Goes to the screen before. On the first one it does nothing. */
    public fun back()

    /** Asks for another license. */
    public fun addLicense()

    /** Changes the text of the offer. */
    public fun typeOffer(text: String)

    /** Reads the offer that was typed. */
    public fun readOffer()

    /** Lets the camera look for an offer, or for an officer's challenge where one is answered. */
    public fun scan()

    /** Takes what the camera saw, or what a link brought: an offer, or a challenge. */
    public fun scanned(text: String)

    /** The camera may not be used. */
    public fun cameraRefused()

    /** Changes the transaction code. */
    public fun typeCode(text: String)

    /** Has the license issued. */
    public fun takeOffer()

    /** Brings another license to the front. */
    public fun select(index: Int)

    /** Asks the authority for the newest status. */
    public fun refresh()

    /** Shows the license in front, after the phone's lock; also once more, after it was over or not unlocked. */
    public fun show()

    /** Ends the showing. */
    public fun endShow()

    /** Begins to answer an officer with the license in front. */
    public fun answer()

    /** Changes the digits. */
    public fun typeAnswer(text: String)

    /** Reads the digits that were typed. */
    public fun readAnswer()

    /** Answers who asks, after the phone's lock. */
    public fun answerNow()

    /** Shows what happened. */
    public fun history()

    /** Shows the settings. */
    public fun settings()

    /** Asks whether a license shall be removed. */
    public fun askToRemove(license: String)

    /** Does not remove it. */
    public fun keep()

    /** Removes the license that was asked about. */
    public fun remove()

    /** Does what a trouble offers to do. What leaves the app is for the shell, which hears of it too. */
    public fun act(action: TroubleAction)
}
