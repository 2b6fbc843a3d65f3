package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.coroutines.ContinuationInterceptor

/**
 * A driver's app without its pictures: which [screen] is on, and what each finger does.
 *
 * It may be called from any thread. All of its state lives on the dispatcher of the scope, which must do one thing at
 * a time and is never blocked: `Dispatchers.Main.immediate` on a phone, so that what is typed stands there at once.
 *
 * @param phone what the system brings
 * @param scope where it lives; it ends with it, or with [close]
 */
public class DriverModel(
    phone: Phone,
    scope: CoroutineScope,
) : Actions,
    AutoCloseable {
    private val scope = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext.job))
    private val navigator = Navigator(this.scope, phone)
    private val place: Place get() = navigator.place

    /** What is on the screen. */
    public val screen: StateFlow<Screen> = navigator.screens.asStateFlow()

    /** What the driver wants to do outside of the app. For one collector: the shell. */
    public val leave: Flow<TroubleAction> = navigator.leaving.receiveAsFlow()

    /** Opens the wallet of this phone, or makes it. Once. */
    public fun start(): Unit = on { navigator.start() }

    /** The app left the screen: what is shown ends, and a lock that is being asked counts no more. */
    public fun left(): Unit = on { navigator.endShow() }

    /**
     * Keeps the wallet fresh and the ages right while the app is on the screen, until it is cancelled:
     * `repeatOnLifecycle(STARTED) { model.foreground() }`.
     */
    public suspend fun foreground() {
        val dispatcher = checkNotNull(scope.coroutineContext[ContinuationInterceptor])
        withContext(dispatcher) {
            navigator.comeBack()
            navigator.session.collectLatest { it?.keepFresh() }
        }
    }

    /** Lets go of the wallet, once what was shown stands in its log. After it nothing does anything. */
    override fun close(): Unit = scope.cancel()

    override fun back(): Unit =
        on {
            when (val place = place) {
                is Place.Opening, is Place.Blocked, is Place.License -> Unit
                is Place.Welcome -> backFrom(place.model)
                is Place.Scan -> navigator.go(place.over)
                is Place.Offer -> backFrom(place)
                is Place.Show -> navigator.endShow().also { navigator.home() }
                is Place.Answer, is Place.History, is Place.Settings -> navigator.home()
            }
        }

    override fun addLicense(): Unit =
        on {
            if (place !is Place.License) return@on
            navigator.session.value?.let { navigator.go(Place.Welcome(it.offer())) }
        }

    override fun typeOffer(text: String): Unit = on { (place as? Place.Welcome)?.model?.type(text) }

    override fun readOffer(): Unit = on { (place as? Place.Welcome)?.model?.let(navigator::read) }

    override fun scan(): Unit =
        on {
            when (val place = place) {
                is Place.Welcome -> scanOffer(place)
                is Place.Answer -> scanChallenge(place)
                else -> Unit
            }
        }

    override fun scanned(text: String): Unit = on { navigator.arrive(text) }

    override fun cameraRefused(): Unit = on { (place as? Place.Scan)?.state?.update { it.copy(cameraRefused = true) } }

    override fun typeCode(text: String): Unit = on { (place as? Place.Offer)?.model?.typeCode(text) }

    override fun takeOffer(): Unit =
        on {
            val model = (place as? Place.Offer)?.model ?: return@on
            val session = navigator.session.value ?: return@on
            model.take { license ->
                session.licenses.bring(license)
                navigator.home()
            }
        }

    override fun select(index: Int): Unit = on { (place as? Place.License)?.model?.select(index) }

    override fun refresh(): Unit = on { (place as? Place.License)?.model?.refresh() }

    override fun show(): Unit =
        on {
            when (val place = place) {
                is Place.License -> navigator.show(null)
                is Place.Show -> place.model.begin()
                else -> Unit
            }
        }

    override fun endShow(): Unit = on { navigator.endShow() }

    override fun answer(): Unit = on { if (place is Place.License) navigator.answer() }

    override fun typeAnswer(text: String): Unit = on { (place as? Place.Answer)?.model?.type(text) }

    override fun readAnswer(): Unit = on { (place as? Place.Answer)?.model?.readTyped() }

    override fun answerNow(): Unit = on { (place as? Place.Answer)?.model?.question?.let(navigator::show) }

    override fun history(): Unit =
        on {
            val from = place
            if (from !is Place.License && from !is Place.Welcome) return@on
            val model = navigator.session.value?.history() ?: return@on
            // Whoever has gone elsewhere meanwhile stays there.
            model.load { if (place === from) navigator.go(Place.History(model)) }
        }

    override fun settings(): Unit =
        on {
            if (place !is Place.License && place !is Place.Welcome) return@on
            navigator.session.value?.let { navigator.go(Place.Settings(it.settings(), it.licenses)) }
        }

    override fun askToRemove(license: String): Unit = on { (place as? Place.Settings)?.model?.ask(license) }

    override fun keep(): Unit = on { (place as? Place.Settings)?.model?.keep() }

    override fun remove(): Unit =
        on {
            val settings = place as? Place.Settings ?: return@on
            settings.model.remove {
                // Wherever the driver went meanwhile is not to be taken away.
                if (place === settings && navigator.session.value?.hasLicenses == false) navigator.home()
            }
        }

    override fun act(action: TroubleAction): Unit = on { navigator.act(action) }

    private fun backFrom(welcome: OfferModel) {
        if (!welcome.cancel() && welcome.welcome.value.mayGoBack) navigator.home()
    }

    private fun backFrom(offer: Place.Offer) {
        if (offer.model.cancel()) return
        offer.model.forget()
        navigator.go(Place.Welcome(offer.model))
    }

    private fun scanOffer(welcome: Place.Welcome) {
        if (welcome.model.welcome.value.reading) return
        navigator.go(Place.Scan(ScanPurpose.OFFER, welcome) { navigator.arrive(it, welcome.model) })
    }

    private fun scanChallenge(answer: Place.Answer): Unit =
        navigator.go(
            Place.Scan(ScanPurpose.CHALLENGE, answer) {
                navigator.go(answer)
                answer.model.read(it)
            },
        )

    private fun on(action: () -> Unit) {
        scope.launch { action() }
    }
}
