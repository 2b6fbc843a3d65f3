import Vidimus

/// What a driver can do on the screens. Each call returns at once; what comes of it is the next ``Screen``.
///
/// One that does not belong to the present screen does nothing: a finger may be slower than a screen.
@MainActor public protocol Actions: AnyObject {
    /// Goes to the screen before. On the first one it does nothing.
    func back()

    /// Asks for another license.
    func addLicense()

    /// Changes the text of the offer.
    func typeOffer(_ text: String)

    /// Reads the offer that was typed.
    func readOffer()

    /// Lets the camera look for an offer, or for an officer's challenge where one is answered.
    func scan()

    /// Takes what the camera saw, or what a link brought: an offer, or a challenge. While a license is shown it waits.
    func scanned(_ text: String)

    /// The camera may not be used.
    func cameraRefused()

    /// Changes the transaction code.
    func typeCode(_ text: String)

    /// Has the license issued.
    func takeOffer()

    /// Brings another license to the front.
    func select(_ index: Int)

    /// Asks the authority for the newest status.
    func refresh()

    /// Shows the license in front, after the phone's lock; also once more, after it was over or not unlocked.
    func show()

    /// Ends the showing.
    func endShow()

    /// Begins to answer an officer with the license in front.
    func answer()

    /// Changes the digits.
    func typeAnswer(_ text: String)

    /// Reads the digits that were typed.
    func readAnswer()

    /// Answers who asks, after the phone's lock.
    func answerNow()

    /// Shows what happened.
    func history()

    /// Shows the settings.
    func settings()

    /// Asks whether a license shall be removed.
    func askToRemove(_ license: HeldLicense.ID)

    /// Does not remove it.
    func keep()

    /// Removes the license that was asked about, after the phone's lock.
    func remove()

    /// Does what a trouble offers to do. What leaves the app is for the shell, which hears of it too.
    func act(_ action: TroubleAction)
}
