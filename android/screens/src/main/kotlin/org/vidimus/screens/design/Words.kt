package org.vidimus.screens.design

import org.vidimus.LicenseStanding
import org.vidimus.LicenseStatus
import org.vidimus.models.Refusal
import org.vidimus.models.Trouble
import org.vidimus.models.TroubleAction
import org.vidimus.models.Word

internal val LicenseStatus.word: Word get() = word("state.${name.lowercase()}")

internal val LicenseStanding.word: Word get() = word(wordKey)

internal val Refusal.word: Word get() = word("refusal.$code")

internal val Trouble.title: Word get() = word("trouble.$code.title")
internal val Trouble.what: Word get() = word("trouble.$code.what")
internal val Trouble.holds: Word get() = word("trouble.$code.holds")
internal val Trouble.toDo: Word get() = word("trouble.$code.do")

internal val TroubleAction.word: Word
    get() =
        when (this) {
            TroubleAction.RETRY -> Word.ACTION_RETRY
            TroubleAction.REFRESH -> Word.ACTION_REFRESH
            TroubleAction.SET_CLOCK -> Word.ACTION_CLOCK
            TroubleAction.SET_LOCK -> Word.ACTION_LOCK
            TroubleAction.FREE_STORAGE -> Word.ACTION_STORAGE
            TroubleAction.UPDATE_APP -> Word.ACTION_UPDATE
            TroubleAction.BEGIN_ANEW -> Word.ACTION_ANEW
            TroubleAction.ASK_AUTHORITY -> Word.ACTION_AUTHORITY
            TroubleAction.UNLOCK -> Word.ACTION_UNLOCK
        }

private fun word(key: String): Word = checkNotNull(byKey[key]) { "no text: $key" }

private val byKey = Word.entries.associateBy(Word::key)
