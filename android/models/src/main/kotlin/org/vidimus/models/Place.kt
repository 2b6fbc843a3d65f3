package org.vidimus.models

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach

/** Where the driver is: a model, and its states as screens. */
internal sealed interface Place {
    val screens: Flow<Screen>

    data object Opening : Place {
        override val screens = flowOf(Screen.Opening)
    }

    class Blocked(
        trouble: Trouble,
    ) : Place {
        val state = MutableStateFlow(BlockedState(trouble))
        override val screens = state.map(Screen::Blocked)
    }

    class Welcome(
        val model: OfferModel,
    ) : Place {
        override val screens = model.welcome.map(Screen::Welcome)
    }

    class Scan(
        purpose: ScanPurpose,
        val over: Place,
        /** Takes what the camera saw. */
        val saw: (text: String) -> Unit,
    ) : Place {
        val state = MutableStateFlow(ScanState(purpose))
        override val screens = state.map(Screen::Scan)
    }

    class Offer(
        val model: OfferModel,
    ) : Place {
        override val screens = model.state.filterNotNull().map(Screen::Offer)
    }

    class License(
        val model: LicensesModel,
    ) : Place {
        override val screens = model.state.filterNotNull().map(Screen::License)
    }

    class Show(
        val model: ShowModel,
    ) : Place {
        override val screens = model.state.map(Screen::Show)
    }

    class Answer(
        val model: AnswerModel,
    ) : Place {
        override val screens = model.state.map(Screen::Answer)
    }

    class History(
        val model: HistoryModel,
    ) : Place {
        override val screens = model.state.filterNotNull().map(Screen::History)
    }

    class Settings(
        val model: SettingsModel,
        licenses: LicensesModel,
    ) : Place {
        // The cards go on living meanwhile: a portrait comes, an age grows.
        private val held = licenses.state.onEach { model.follow(it?.cards.orEmpty()) }
        override val screens = combine(model.state, held) { state, _ -> Screen.Settings(state) }
    }
}
