// Made by cargo xtask texts from texts/texts.tsv. Change that.
// swift-format-ignore-file

/// A language that the apps speak. Its raw value is its primary subtag of BCP 47.
public enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"
    case arabic = "ar"
    case bengali = "bn"
    case spanish = "es"

    /// Its primary subtag of BCP 47.
    public var tag: String { rawValue }

    /// Whether its lines run from right to left.
    public var rightToLeft: Bool {
        switch self {
        case .english: false
        case .chinese: false
        case .arabic: true
        case .bengali: false
        case .spanish: false
        }
    }

    /// The language of a tag such as `zh-Hans-CN`, by its first part; English where the apps do not speak it.
    public static func of(_ languageTag: String) -> Language {
        let primary = languageTag.prefix { $0 != "-" && $0 != "_" }
        return Language(rawValue: primary.lowercased()) ?? .english
    }

    /// The one of these that is of this language.
    func choose<Choice>(_ english: Choice, _ chinese: Choice, _ arabic: Choice, _ bengali: Choice, _ spanish: Choice) -> Choice {
        switch self {
        case .english: english
        case .chinese: chinese
        case .arabic: arabic
        case .bengali: bengali
        case .spanish: spanish
        }
    }
}

/// A text of the apps: a row of the table. Its raw value is its key there.
public enum Word: String, CaseIterable, Sendable {
    case appName = "app.name"
    case appAbout = "app.about"
    case commonBack = "common.back"
    case commonCancel = "common.cancel"
    case commonUnknown = "common.unknown"
    case commonLoading = "common.loading"
    case welcomeTitle = "welcome.title"
    case welcomeBody = "welcome.body"
    case welcomeAgainTitle = "welcome.again.title"
    case welcomeAgain = "welcome.again"
    case welcomePointOffline = "welcome.point.offline"
    case welcomePointPrivate = "welcome.point.private"
    case welcomePointFresh = "welcome.point.fresh"
    case welcomeScan = "welcome.scan"
    case welcomePaste = "welcome.paste"
    case welcomeField = "welcome.field"
    case welcomeRead = "welcome.read"
    case scanTitleOffer = "scan.title.offer"
    case scanTitleChallenge = "scan.title.challenge"
    case scanHint = "scan.hint"
    case scanNoCamera = "scan.no_camera"
    case offerTitle = "offer.title"
    case offerFrom = "offer.from"
    case offerProven = "offer.proven"
    case offerUnproven = "offer.unproven"
    case offerCode = "offer.code"
    case offerCodeHint = "offer.code.hint"
    case offerCodeDigits = "offer.code.digits"
    case offerCodeMore = "offer.code.more"
    case offerTake = "offer.take"
    case offerReading = "offer.reading"
    case offerIssuing = "offer.issuing"
    case refusalOfferMalformed = "refusal.offer_malformed"
    case refusalOfferUnsupported = "refusal.offer_unsupported"
    case refusalOfferGone = "refusal.offer_gone"
    case refusalIssuerUnknown = "refusal.issuer_unknown"
    case refusalCodeMissing = "refusal.code_missing"
    case refusalCodeMalformed = "refusal.code_malformed"
    case refusalCodeRefused = "refusal.code_refused"
    case refusalDenied = "refusal.denied"
    case refusalIssuerRefused = "refusal.issuer_refused"
    case refusalDeferred = "refusal.deferred"
    case refusalIssuerBroken = "refusal.issuer_broken"
    case refusalOtherKey = "refusal.other_key"
    case refusalNotInForce = "refusal.not_in_force"
    case refusalServerTimeWrong = "refusal.server_time_wrong"
    case refusalUntrusted = "refusal.untrusted"
    case refusalNoNetwork = "refusal.no_network"
    case refusalCaptivePortal = "refusal.captive_portal"
    case refusalCertificate = "refusal.certificate"
    case refusalServer = "refusal.server"
    case refusalBusy = "refusal.busy"
    case refusalKeyLocked = "refusal.key_locked"
    case refusalKeyFailed = "refusal.key_failed"
    case refusalStorageFull = "refusal.storage_full"
    case refusalStorageFailed = "refusal.storage_failed"
    case refusalCancelled = "refusal.cancelled"
    case refusalInternal = "refusal.internal"
    case licenseTitle = "license.title"
    case licenseTitles = "license.titles"
    case licenseOf = "license.of"
    case licenseBirthDate = "license.birth_date"
    case licenseNumber = "license.number"
    case licenseIssued = "license.issued"
    case licenseExpires = "license.expires"
    case licenseNoEnd = "license.no_end"
    case licenseCountry = "license.country"
    case licenseCategories = "license.categories"
    case licenseCategoryFrom = "license.category.from"
    case licenseCategoryUntil = "license.category.until"
    case licenseCategoryRestrictions = "license.category.restrictions"
    case licensePortrait = "license.portrait"
    case licenseNoPortrait = "license.no_portrait"
    case licenseAsOf = "license.as_of"
    case licenseNever = "license.never"
    case licenseConfirmed = "license.confirmed"
    case licenseRefresh = "license.refresh"
    case licenseRefreshing = "license.refreshing"
    case licenseShow = "license.show"
    case licenseAnswer = "license.answer"
    case licenseAdd = "license.add"
    case licenseHistory = "license.history"
    case licenseSettings = "license.settings"
    case licenseNext = "license.next"
    case licensePrevious = "license.previous"
    case licenseDamaged = "license.damaged"
    case licenseSpoken = "license.spoken"
    case stateValid = "state.valid"
    case stateRevoked = "state.revoked"
    case stateSuspended = "state.suspended"
    case stateLapsed = "state.lapsed"
    case statePointsLimit = "state.points_limit"
    case stateUnresolved = "state.unresolved"
    case stateUpdateWaiting = "state.update_waiting"
    case stateSuperseded = "state.superseded"
    case stateUnknown = "state.unknown"
    case stateCredentialExpired = "state.credential_expired"
    case stateNoCategory = "state.no_category"
    case stateLicenseNotYetValid = "state.license_not_yet_valid"
    case ageNow = "age.now"
    case month1 = "month.1"
    case month2 = "month.2"
    case month3 = "month.3"
    case month4 = "month.4"
    case month5 = "month.5"
    case month6 = "month.6"
    case month7 = "month.7"
    case month8 = "month.8"
    case month9 = "month.9"
    case month10 = "month.10"
    case month11 = "month.11"
    case month12 = "month.12"
    case date = "date"
    case dateMonth = "date_month"
    case dateYear = "date_year"
    case dateTime = "date_time"
    case listAnd = "list.and"
    case showTitle = "show.title"
    case showToAnyone = "show.to_anyone"
    case showNewCode = "show.new_code"
    case showEnds = "show.ends"
    case showUnlocking = "show.unlocking"
    case showUnlock = "show.unlock"
    case showCancelled = "show.cancelled"
    case showFailed = "show.failed"
    case showNoLock = "show.no_lock"
    case showOver = "show.over"
    case showTooLate = "show.too_late"
    case showEnded = "show.ended"
    case showCaptured = "show.captured"
    case showAgain = "show.again"
    case showEnd = "show.end"
    case showStarting = "show.starting"
    case showQr = "show.qr"
    case showNoStatusInside = "show.no_status_inside"
    case showSpoken = "show.spoken"
    case answerTitle = "answer.title"
    case answerBody = "answer.body"
    case answerScan = "answer.scan"
    case answerDigits = "answer.digits"
    case answerRead = "answer.read"
    case answerAsks = "answer.asks"
    case answerProven = "answer.proven"
    case answerUnproven = "answer.unproven"
    case answerByDigits = "answer.by_digits"
    case answerShow = "answer.show"
    case answerMalformed = "answer.malformed"
    case answerRecorded = "answer.recorded"
    case historyTitle = "history.title"
    case historyEmpty = "history.empty"
    case historyBroken = "history.broken"
    case historyShown = "history.shown"
    case historyShownTo = "history.shown_to"
    case historyShownDigits = "history.shown_digits"
    case historyNameProven = "history.name_proven"
    case historyNameUnproven = "history.name_unproven"
    case historyWithPortrait = "history.with_portrait"
    case historyStatus = "history.status"
    case historyEnrolled = "history.enrolled"
    case historyRenewed = "history.renewed"
    case historyStatusChanged = "history.status_changed"
    case historyRemoved = "history.removed"
    case settingsTitle = "settings.title"
    case settingsLicenses = "settings.licenses"
    case settingsRemove = "settings.remove"
    case settingsRemoveTitle = "settings.remove.title"
    case settingsRemoveBody = "settings.remove.body"
    case settingsRemoveYes = "settings.remove.yes"
    case settingsStored = "settings.stored"
    case settingsStoredLicense = "settings.stored.license"
    case settingsStoredStatus = "settings.stored.status"
    case settingsStoredHistory = "settings.stored.history"
    case settingsStoredKeys = "settings.stored.keys"
    case settingsStoredWhere = "settings.stored.where"
    case settingsAuthority = "settings.authority"
    case settingsNotices = "settings.notices"
    case settingsVersion = "settings.version"
    case actionRetry = "action.retry"
    case actionRefresh = "action.refresh"
    case actionClock = "action.clock"
    case actionLock = "action.lock"
    case actionStorage = "action.storage"
    case actionUpdate = "action.update"
    case actionAnew = "action.anew"
    case actionAuthority = "action.authority"
    case actionUnlock = "action.unlock"
    case troubleHappened = "trouble.happened"
    case troubleHolds = "trouble.holds"
    case troubleDo = "trouble.do"
    case troubleNoNetworkTitle = "trouble.no_network.title"
    case troubleNoNetworkWhat = "trouble.no_network.what"
    case troubleNoNetworkHolds = "trouble.no_network.holds"
    case troubleNoNetworkDo = "trouble.no_network.do"
    case troubleStatusOldTitle = "trouble.status_old.title"
    case troubleStatusOldWhat = "trouble.status_old.what"
    case troubleStatusOldHolds = "trouble.status_old.holds"
    case troubleStatusOldDo = "trouble.status_old.do"
    case troubleStatusUnknownTitle = "trouble.status_unknown.title"
    case troubleStatusUnknownWhat = "trouble.status_unknown.what"
    case troubleStatusUnknownHolds = "trouble.status_unknown.holds"
    case troubleStatusUnknownDo = "trouble.status_unknown.do"
    case troubleSuspendedTitle = "trouble.suspended.title"
    case troubleSuspendedWhat = "trouble.suspended.what"
    case troubleSuspendedHolds = "trouble.suspended.holds"
    case troubleSuspendedDo = "trouble.suspended.do"
    case troubleLapsedTitle = "trouble.lapsed.title"
    case troubleLapsedWhat = "trouble.lapsed.what"
    case troubleLapsedHolds = "trouble.lapsed.holds"
    case troubleLapsedDo = "trouble.lapsed.do"
    case troublePointsLimitTitle = "trouble.points_limit.title"
    case troublePointsLimitWhat = "trouble.points_limit.what"
    case troublePointsLimitHolds = "trouble.points_limit.holds"
    case troublePointsLimitDo = "trouble.points_limit.do"
    case troubleUnresolvedTitle = "trouble.unresolved.title"
    case troubleUnresolvedWhat = "trouble.unresolved.what"
    case troubleUnresolvedHolds = "trouble.unresolved.holds"
    case troubleUnresolvedDo = "trouble.unresolved.do"
    case troubleRevokedTitle = "trouble.revoked.title"
    case troubleRevokedWhat = "trouble.revoked.what"
    case troubleRevokedHolds = "trouble.revoked.holds"
    case troubleRevokedDo = "trouble.revoked.do"
    case troubleSupersededTitle = "trouble.superseded.title"
    case troubleSupersededWhat = "trouble.superseded.what"
    case troubleSupersededHolds = "trouble.superseded.holds"
    case troubleSupersededDo = "trouble.superseded.do"
    case troubleLicenseExpiredTitle = "trouble.license_expired.title"
    case troubleLicenseExpiredWhat = "trouble.license_expired.what"
    case troubleLicenseExpiredHolds = "trouble.license_expired.holds"
    case troubleLicenseExpiredDo = "trouble.license_expired.do"
    case troubleClockSetBackTitle = "trouble.clock_set_back.title"
    case troubleClockSetBackWhat = "trouble.clock_set_back.what"
    case troubleClockSetBackHolds = "trouble.clock_set_back.holds"
    case troubleClockSetBackDo = "trouble.clock_set_back.do"
    case troubleRolledBackTitle = "trouble.rolled_back.title"
    case troubleRolledBackWhat = "trouble.rolled_back.what"
    case troubleRolledBackHolds = "trouble.rolled_back.holds"
    case troubleRolledBackDo = "trouble.rolled_back.do"
    case troubleDamagedTitle = "trouble.damaged.title"
    case troubleDamagedWhat = "trouble.damaged.what"
    case troubleDamagedHolds = "trouble.damaged.holds"
    case troubleDamagedDo = "trouble.damaged.do"
    case troubleKeyInvalidatedTitle = "trouble.key_invalidated.title"
    case troubleKeyInvalidatedWhat = "trouble.key_invalidated.what"
    case troubleKeyInvalidatedHolds = "trouble.key_invalidated.holds"
    case troubleKeyInvalidatedDo = "trouble.key_invalidated.do"
    case troublePasscodeRemovedTitle = "trouble.passcode_removed.title"
    case troublePasscodeRemovedWhat = "trouble.passcode_removed.what"
    case troublePasscodeRemovedHolds = "trouble.passcode_removed.holds"
    case troublePasscodeRemovedDo = "trouble.passcode_removed.do"
    case troubleOtherDeviceTitle = "trouble.other_device.title"
    case troubleOtherDeviceWhat = "trouble.other_device.what"
    case troubleOtherDeviceHolds = "trouble.other_device.holds"
    case troubleOtherDeviceDo = "trouble.other_device.do"
    case troubleDeviceLockedTitle = "trouble.device_locked.title"
    case troubleDeviceLockedWhat = "trouble.device_locked.what"
    case troubleDeviceLockedHolds = "trouble.device_locked.holds"
    case troubleDeviceLockedDo = "trouble.device_locked.do"
    case troubleKeyStoreTitle = "trouble.key_store.title"
    case troubleKeyStoreWhat = "trouble.key_store.what"
    case troubleKeyStoreHolds = "trouble.key_store.holds"
    case troubleKeyStoreDo = "trouble.key_store.do"
    case troubleStorageFullTitle = "trouble.storage_full.title"
    case troubleStorageFullWhat = "trouble.storage_full.what"
    case troubleStorageFullHolds = "trouble.storage_full.holds"
    case troubleStorageFullDo = "trouble.storage_full.do"
    case troubleStorageFailedTitle = "trouble.storage_failed.title"
    case troubleStorageFailedWhat = "trouble.storage_failed.what"
    case troubleStorageFailedHolds = "trouble.storage_failed.holds"
    case troubleStorageFailedDo = "trouble.storage_failed.do"
    case troubleNewerVersionTitle = "trouble.newer_version.title"
    case troubleNewerVersionWhat = "trouble.newer_version.what"
    case troubleNewerVersionHolds = "trouble.newer_version.holds"
    case troubleNewerVersionDo = "trouble.newer_version.do"
    case troubleAuthorityUnknownTitle = "trouble.authority_unknown.title"
    case troubleAuthorityUnknownWhat = "trouble.authority_unknown.what"
    case troubleAuthorityUnknownHolds = "trouble.authority_unknown.holds"
    case troubleAuthorityUnknownDo = "trouble.authority_unknown.do"
    case troubleInternalTitle = "trouble.internal.title"
    case troubleInternalWhat = "trouble.internal.what"
    case troubleInternalHolds = "trouble.internal.holds"
    case troubleInternalDo = "trouble.internal.do"

    /// Its key in the table.
    public var key: String { rawValue }

    /// The text in a language, its placeholders not filled.
    func text(_ language: Language) -> String {
        switch self {
        case .appName: language.choose("Driver's license", "驾驶证", "رخصة القيادة", "ড্রাইভিং লাইসেন্স", "Permiso de conducir")
        case .appAbout: language.choose("Your license on this phone: shown as a code that changes every ten seconds, checked without a network.", "您的驾驶证就在这部手机上：以每十秒更换一次的二维码出示，无需网络即可查验。", "رخصتك على هذا الهاتف: تُبرَز برمز يتغيّر كل عشر ثوانٍ، ويُتحقَّق منها بلا شبكة.", "আপনার লাইসেন্স এই ফোনে: এমন কোডে দেখানো হয় যা প্রতি দশ সেকেন্ডে বদলায়, আর নেটওয়ার্ক ছাড়াই যাচাই করা যায়।", "Su permiso en este teléfono: se muestra como un código que cambia cada diez segundos y se comprueba sin red.")
        case .commonBack: language.choose("Back", "返回", "رجوع", "ফিরে যান", "Atrás")
        case .commonCancel: language.choose("Cancel", "取消", "إلغاء", "বাতিল", "Cancelar")
        case .commonUnknown: language.choose("Not known", "未知", "غير معروف", "অজানা", "Desconocido")
        case .commonLoading: language.choose("One moment", "请稍候", "لحظة من فضلك", "একটু অপেক্ষা করুন", "Un momento")
        case .welcomeTitle: language.choose("No license yet", "还没有驾驶证", "لا رخصة بعد", "এখনও লাইসেন্স নেই", "Aún no hay permiso")
        case .welcomeBody: language.choose("Your authority sends you an offer: a QR or a link. Take it up, and your license is kept on this phone, encrypted.", "发证机关会向您发送领证邀请：二维码或链接。接受后，驾驶证会加密保存在这部手机上。", "ترسل إليك الجهة المُصدِرة دعوة: رمز QR أو رابطًا. بعد قبولها تُحفظ رخصتك مشفّرةً على هذا الهاتف.", "কর্তৃপক্ষ আপনাকে একটি আমন্ত্রণ পাঠায়: QR কোড বা লিংক। তা গ্রহণ করলে আপনার লাইসেন্স এই ফোনে এনক্রিপ্ট করে রাখা হয়।", "Su autoridad le envía una invitación: un QR o un enlace. Al aceptarla, su permiso queda guardado y cifrado en este teléfono.")
        case .welcomeAgainTitle: language.choose("License is missing", "驾驶证缺失", "الرخصة غير موجودة", "লাইসেন্স নেই", "Falta el permiso")
        case .welcomeAgain: language.choose("This phone had a license before. Get it again: ask your authority for a new offer, a QR or a link.", "这部手机以前有过驾驶证。请重新领取：向发证机关要一份新的领证邀请，即二维码或链接。", "كانت على هذا الهاتف رخصة من قبل. يُرجى الحصول عليها من جديد: اطلب من الجهة المُصدِرة دعوة جديدة، رمز QR أو رابطًا.", "এই ফোনে আগে একটি লাইসেন্স ছিল। আবার নিন: কর্তৃপক্ষের কাছে নতুন আমন্ত্রণ চান, একটি QR বা লিংক।", "Este teléfono ya tuvo un permiso. Obténgalo de nuevo: pida a su autoridad una nueva invitación, un QR o un enlace.")
        case .welcomePointOffline: language.choose("Works without signal", "没有信号也能用", "تعمل بلا تغطية", "সিগন্যাল ছাড়াই চলে", "Funciona sin cobertura")
        case .welcomePointPrivate: language.choose("Stays on this phone", "只存在这部手机上", "تبقى على هذا الهاتف", "এই ফোনেই থাকে", "Se queda en este teléfono")
        case .welcomePointFresh: language.choose("Shows how fresh its status is", "显示状态有多新", "تُظهر مدى حداثة حالتها", "স্ট্যাটাস কত নতুন, তা দেখায়", "Indica lo reciente que es su estado")
        case .welcomeScan: language.choose("Scan an offer", "扫描领证邀请", "مسح دعوة", "আমন্ত্রণ স্ক্যান", "Escanear invitación")
        case .welcomePaste: language.choose("Paste an offer", "粘贴领证邀请", "لصق دعوة", "আমন্ত্রণ পেস্ট", "Pegar invitación")
        case .welcomeField: language.choose("Offer link", "领证邀请链接", "رابط الدعوة", "আমন্ত্রণের লিংক", "Enlace de la invitación")
        case .welcomeRead: language.choose("Read the offer", "读取领证邀请", "قراءة الدعوة", "আমন্ত্রণ পড়ুন", "Leer invitación")
        case .scanTitleOffer: language.choose("Scan the offer", "扫描领证邀请", "مسح الدعوة", "আমন্ত্রণ স্ক্যান করুন", "Escanee la invitación")
        case .scanTitleChallenge: language.choose("Scan the officer's code", "扫描执法人员的二维码", "مسح رمز ضابط المرور", "কর্মকর্তার কোড স্ক্যান করুন", "Escanee el código del agente")
        case .scanHint: language.choose("Hold the QR inside the frame.", "请将二维码置于框内。", "يُرجى إبقاء رمز QR داخل الإطار.", "QR কোডটি ফ্রেমের ভেতরে ধরুন।", "Mantenga el QR dentro del marco.")
        case .scanNoCamera: language.choose("The camera may not be used. Allow it in the phone's settings, or type instead.", "无法使用相机。请在手机设置中允许，或改为手动输入。", "لا يُسمح باستخدام الكاميرا. يمكنك السماح بها في إعدادات الهاتف أو الكتابة بدلًا من ذلك.", "ক্যামেরা ব্যবহারের অনুমতি নেই। ফোনের সেটিংসে অনুমতি দিন, নয়তো টাইপ করুন।", "No se puede usar la cámara. Permítala en los ajustes del teléfono o escriba a mano.")
        case .offerTitle: language.choose("A license is offered", "您收到一份领证邀请", "رخصة معروضة عليك", "আপনার জন্য একটি লাইসেন্স", "Se le ofrece un permiso")
        case .offerFrom: language.choose("Offered by", "邀请方", "الدعوة من", "আমন্ত্রণকারী", "Lo ofrece")
        case .offerProven: language.choose("This is the authority that this app was made for.", "这就是本应用所对应的发证机关。", "هذه هي الجهة المُصدِرة التي أُعدّ لها هذا التطبيق.", "এই অ্যাপ যে কর্তৃপক্ষের জন্য তৈরি, এটি সেই কর্তৃপক্ষ।", "Es la autoridad para la que se hizo esta app.")
        case .offerUnproven: language.choose("Nothing proves who this is. Go on only if you know this address.", "无法证实对方是谁。只有认识这个地址时才继续。", "لا شيء يثبت هوية هذه الجهة. يُرجى المتابعة فقط إن كنت تعرف هذا العنوان.", "এটি কে, তার কোনো প্রমাণ নেই। ঠিকানাটি চিনলে তবেই এগোন।", "Nada demuestra quién es. Siga solo si conoce esta dirección.")
        case .offerCode: language.choose("Code", "验证码", "الرمز", "কোড", "Código")
        case .offerCodeHint: language.choose("The code that came to you by letter or message.", "通过信件或短信发给您的验证码。", "الرمز الذي وصلك برسالة بريدية أو نصية.", "চিঠি বা মেসেজে আপনার কাছে আসা কোড।", "El código que recibió por carta o mensaje.")
        case .offerCodeDigits: language.choose("{0} digits", "{0} 位数字", "عدد الأرقام: {0}", "{0} অঙ্ক", "{0} cifras")
        case .offerCodeMore: language.choose("{0} more", "还差 {0} 位", "المتبقي: {0}", "আরও {0}টি", "Faltan: {0}")
        case .offerTake: language.choose("Get the license", "领取驾驶证", "استلام الرخصة", "লাইসেন্স নিন", "Obtener permiso")
        case .offerReading: language.choose("Reading the offer", "正在读取领证邀请", "جارٍ قراءة الدعوة", "আমন্ত্রণ পড়া হচ্ছে", "Leyendo la invitación")
        case .offerIssuing: language.choose("The license is being issued. Keep the app open.", "正在签发驾驶证。请不要关闭应用。", "جارٍ إصدار الرخصة. يُرجى إبقاء التطبيق مفتوحًا.", "লাইসেন্স ইস্যু হচ্ছে। অ্যাপ খোলা রাখুন।", "Se está expidiendo el permiso. Mantenga abierta la app.")
        case .refusalOfferMalformed: language.choose("This is no offer. Scan it again, or copy the whole link.", "这不是领证邀请。请重新扫描，或复制完整链接。", "هذه ليست دعوة. يُرجى مسحها مجددًا أو نسخ الرابط كاملًا.", "এটি আমন্ত্রণ নয়। আবার স্ক্যান করুন, অথবা পুরো লিংকটি কপি করুন।", "Esto no es una invitación. Escanéela de nuevo o copie el enlace completo.")
        case .refusalOfferUnsupported: language.choose("This offer asks for a way that this app does not know. Ask the authority for another.", "本应用不支持此邀请要求的方式。请向发证机关另要一份。", "تتطلب هذه الدعوة طريقة لا يعرفها هذا التطبيق. يُرجى طلب دعوة أخرى من الجهة المُصدِرة.", "এই আমন্ত্রণ এমন পদ্ধতি চায় যা এই অ্যাপ জানে না। কর্তৃপক্ষের কাছে অন্য একটি চান।", "Esta invitación pide un método que esta app no conoce. Pida otra a la autoridad.")
        case .refusalOfferGone: language.choose("This offer is used up. Ask the authority for a new one.", "此领证邀请已用过。请向发证机关要一份新的。", "استُخدمت هذه الدعوة من قبل. يُرجى طلب دعوة جديدة من الجهة المُصدِرة.", "এই আমন্ত্রণ ব্যবহার হয়ে গেছে। কর্তৃপক্ষের কাছে নতুন একটি চান।", "Esta invitación ya se ha usado. Pida otra a la autoridad.")
        case .refusalIssuerUnknown: language.choose("Nobody vouches for this address, so it is given no code. Nothing was sent. Ask your authority for an offer.", "没有任何机构为这个地址担保，因此不会把验证码交给它。没有发送任何内容。请向您的发证机关要一份领证邀请。", "لا أحد يضمن هذا العنوان، لذلك لا يُعطى أي رمز. لم يُرسَل شيء. يُرجى طلب دعوة من الجهة المُصدِرة.", "এই ঠিকানার নিশ্চয়তা কেউ দেয় না, তাই এটিকে কোনো কোড দেওয়া হয় না। কিছুই পাঠানো হয়নি। আপনার কর্তৃপক্ষের কাছে আমন্ত্রণ চান।", "Nadie responde por esta dirección, así que no recibe ningún código. No se envió nada. Pida una invitación a su autoridad.")
        case .refusalCodeMissing: language.choose("Type the code that came to you.", "请输入发给您的验证码。", "يُرجى كتابة الرمز الذي وصلك.", "আপনার কাছে আসা কোডটি টাইপ করুন।", "Escriba el código que recibió.")
        case .refusalCodeMalformed: language.choose("The code does not look like that. Nothing was sent; compare it and type it again.", "验证码格式不对。没有发送任何内容；请核对后重新输入。", "صيغة الرمز مختلفة. لم يُرسَل شيء؛ يُرجى مراجعته وكتابته مجددًا.", "কোডটি এমন হয় না। কিছু পাঠানো হয়নি; মিলিয়ে দেখে আবার টাইপ করুন।", "El código no tiene esa forma. No se ha enviado nada; compárelo y escríbalo de nuevo.")
        case .refusalCodeRefused: language.choose("The authority refused the code. Compare it with your letter; after too many attempts ask for a new offer.", "发证机关未接受验证码。请与信件核对；多次输错后需要一份新的领证邀请。", "رفضت الجهة المُصدِرة الرمز. يُرجى مقارنته برسالتك؛ وبعد محاولات كثيرة يلزم طلب دعوة جديدة.", "কর্তৃপক্ষ কোডটি মানেনি। চিঠির সঙ্গে মিলিয়ে দেখুন; বেশি চেষ্টা হয়ে গেলে নতুন আমন্ত্রণ চান।", "La autoridad ha rechazado el código. Compárelo con su carta; tras demasiados intentos, pida otra invitación.")
        case .refusalDenied: language.choose("The authority does not issue this license. Ask the authority why.", "发证机关不签发此驾驶证。请向发证机关询问原因。", "لا تُصدر الجهة المُصدِرة هذه الرخصة. يُرجى سؤالها عن السبب.", "কর্তৃপক্ষ এই লাইসেন্স দিচ্ছে না। কারণ কর্তৃপক্ষকে জিজ্ঞেস করুন।", "La autoridad no expide este permiso. Pregúntele por qué.")
        case .refusalIssuerRefused: language.choose("The authority refused. Try again later, or ask the authority.", "发证机关已拒绝。请稍后重试，或联系发证机关。", "رفضت الجهة المُصدِرة. يُرجى المحاولة لاحقًا أو سؤالها.", "কর্তৃপক্ষ রাজি হয়নি। পরে চেষ্টা করুন, অথবা কর্তৃপক্ষকে জিজ্ঞেস করুন।", "La autoridad lo ha rechazado. Inténtelo más tarde o pregúntele.")
        case .refusalDeferred: language.choose("The authority is not ready yet. Try the same offer again later.", "发证机关还没准备好。请稍后用同一份邀请重试。", "الجهة المُصدِرة غير جاهزة بعد. يُرجى تجربة الدعوة نفسها لاحقًا.", "কর্তৃপক্ষ এখনও প্রস্তুত নয়। পরে একই আমন্ত্রণ দিয়ে চেষ্টা করুন।", "La autoridad aún no está lista. Pruebe la misma invitación más tarde.")
        case .refusalIssuerBroken: language.choose("The authority answered in a way that cannot be used. Nothing was stored. Try again later.", "发证机关的答复无法使用。没有保存任何内容。请稍后重试。", "جاء رد الجهة المُصدِرة غير صالح للاستخدام. لم يُحفظ شيء. يُرجى المحاولة لاحقًا.", "কর্তৃপক্ষের উত্তর ব্যবহার করা যায় না। কিছু রাখা হয়নি। পরে চেষ্টা করুন।", "La respuesta de la autoridad no se puede usar. No se ha guardado nada. Inténtelo más tarde.")
        case .refusalOtherKey: language.choose("The license that came is for another phone. Nothing was stored. Ask the authority.", "收到的驾驶证属于另一部手机。没有保存任何内容。请联系发证机关。", "الرخصة التي وصلت تخص هاتفًا آخر. لم يُحفظ شيء. يُرجى سؤال الجهة المُصدِرة.", "যে লাইসেন্স এসেছে তা অন্য ফোনের। কিছু রাখা হয়নি। কর্তৃপক্ষকে জিজ্ঞেস করুন।", "El permiso recibido es de otro teléfono. No se ha guardado nada. Pregunte a la autoridad.")
        case .refusalNotInForce: language.choose("The license that came is no longer good. Nothing was stored. Ask the authority.", "收到的驾驶证已经无效。没有保存任何内容。请联系发证机关。", "الرخصة التي وصلت لم تعد سارية. لم يُحفظ شيء. يُرجى سؤال الجهة المُصدِرة.", "যে লাইসেন্স এসেছে তা আর বৈধ নয়। কিছু রাখা হয়নি। কর্তৃপক্ষকে জিজ্ঞেস করুন।", "El permiso recibido ya no es válido. No se ha guardado nada. Pregunte a la autoridad.")
        case .refusalServerTimeWrong: language.choose("The authority's time and this phone's are more than a day apart. Nothing was stored. Set this phone's date, then try again.", "发证机关的时间与这部手机相差超过一天。没有保存任何内容。请设置手机的日期，然后重试。", "بين وقت الجهة المُصدِرة ووقت هذا الهاتف أكثر من يوم. لم يُحفظ شيء. يُرجى ضبط تاريخ الهاتف ثم المحاولة مجددًا.", "কর্তৃপক্ষের সময় আর এই ফোনের সময়ের মধ্যে এক দিনের বেশি তফাত। কিছু রাখা হয়নি। ফোনের তারিখ ঠিক করুন, তারপর আবার চেষ্টা করুন।", "La hora de la autoridad y la de este teléfono difieren en más de un día. No se ha guardado nada. Ajuste la fecha del teléfono e inténtelo de nuevo.")
        case .refusalUntrusted: language.choose("What came is not signed by a key that this app trusts. Nothing was stored.", "收到的内容不是由本应用信任的密钥签名的。没有保存任何内容。", "ما وصل غير موقَّع بمفتاح يثق به هذا التطبيق. لم يُحفظ شيء.", "যা এসেছে তা এই অ্যাপের বিশ্বস্ত কোনো চাবি দিয়ে স্বাক্ষরিত নয়। কিছু রাখা হয়নি।", "Lo recibido no está firmado con una clave en la que esta app confíe. No se ha guardado nada.")
        case .refusalNoNetwork: language.choose("There is no network. Your offer is still good: try again with signal.", "没有网络。您的领证邀请仍然有效：有信号时再试。", "لا توجد شبكة. دعوتك ما زالت صالحة: يُرجى المحاولة عند توفر التغطية.", "নেটওয়ার্ক নেই। আপনার আমন্ত্রণ এখনও ভালো আছে: সিগন্যাল পেলে আবার চেষ্টা করুন।", "No hay red. Su invitación sigue siendo válida: inténtelo de nuevo con cobertura.")
        case .refusalCaptivePortal: language.choose("This network wants you to sign in first. Open a web page, sign in, then try again.", "此网络要求您先登录。请打开一个网页，登录后再试。", "تطلب هذه الشبكة تسجيل الدخول أولًا. يُرجى فتح صفحة ويب وتسجيل الدخول ثم المحاولة مجددًا.", "এই নেটওয়ার্কে আগে সাইন ইন করতে হবে। একটি ওয়েব পেজ খুলুন, সাইন ইন করুন, তারপর আবার চেষ্টা করুন।", "Esta red pide que inicie sesión primero. Abra una página web, inicie sesión e inténtelo de nuevo.")
        case .refusalCertificate: language.choose("The authority's server could not prove who it is. Use another network.", "发证机关的服务器无法证明自己的身份。请换一个网络。", "لم يستطع خادم الجهة المُصدِرة إثبات هويته. يُرجى استخدام شبكة أخرى.", "কর্তৃপক্ষের সার্ভার নিজের পরিচয় প্রমাণ করতে পারেনি। অন্য নেটওয়ার্ক ব্যবহার করুন।", "El servidor de la autoridad no ha podido demostrar quién es. Use otra red.")
        case .refusalServer: language.choose("The authority's server has a fault. Try again later.", "发证机关的服务器出现故障。请稍后重试。", "في خادم الجهة المُصدِرة خلل. يُرجى المحاولة لاحقًا.", "কর্তৃপক্ষের সার্ভারে ত্রুটি আছে। পরে চেষ্টা করুন।", "El servidor de la autoridad tiene un fallo. Inténtelo más tarde.")
        case .refusalBusy: language.choose("The authority's server does not answer now. Your offer is still good: try again in a few minutes.", "发证机关的服务器现在无法答复。您的领证邀请仍然有效：请过几分钟再试。", "لا يستجيب خادم الجهة المُصدِرة الآن. دعوتك ما زالت صالحة: يُرجى المحاولة مجددًا بعد بضع دقائق.", "কর্তৃপক্ষের সার্ভার এখন উত্তর দিচ্ছে না। আপনার আমন্ত্রণ এখনও বৈধ: কয়েক মিনিট পরে আবার চেষ্টা করুন।", "El servidor de la autoridad no responde ahora. Su invitación sigue siendo válida: inténtelo de nuevo en unos minutos.")
        case .refusalKeyLocked: language.choose("The phone is locked. Unlock it and try again.", "手机已锁定。请解锁后重试。", "الهاتف مقفل. يُرجى فتح قفله والمحاولة مجددًا.", "ফোন লক করা। আনলক করে আবার চেষ্টা করুন।", "El teléfono está bloqueado. Desbloquéelo e inténtelo de nuevo.")
        case .refusalKeyFailed: language.choose("The phone's key store did not answer. Restart the phone and try again.", "手机的密钥库没有响应。请重启手机后重试。", "لم يستجب مخزن مفاتيح الهاتف. يُرجى إعادة تشغيل الهاتف والمحاولة مجددًا.", "ফোনের চাবির ভাণ্ডার সাড়া দেয়নি। ফোন রিস্টার্ট করে আবার চেষ্টা করুন।", "El almacén de claves del teléfono no ha respondido. Reinicie el teléfono e inténtelo de nuevo.")
        case .refusalStorageFull: language.choose("The phone's storage is full. Free some space and try again.", "手机存储空间已满。请腾出一些空间后重试。", "مساحة تخزين الهاتف ممتلئة. يُرجى إخلاء بعض المساحة والمحاولة مجددًا.", "ফোনের স্টোরেজ ভরে গেছে। কিছু জায়গা খালি করে আবার চেষ্টা করুন।", "El almacenamiento del teléfono está lleno. Libere espacio e inténtelo de nuevo.")
        case .refusalStorageFailed: language.choose("The phone could not write. Nothing was lost. Restart the phone and try again.", "手机无法写入。没有丢失任何内容。请重启手机后重试。", "تعذّرت الكتابة على الهاتف. لم يُفقد شيء. يُرجى إعادة تشغيل الهاتف والمحاولة مجددًا.", "ফোন লিখতে পারেনি। কিছুই হারায়নি। ফোন রিস্টার্ট করে আবার চেষ্টা করুন।", "El teléfono no ha podido escribir. No se ha perdido nada. Reinicie el teléfono e inténtelo de nuevo.")
        case .refusalCancelled: language.choose("It was stopped. Nothing was lost; you may try again.", "已停止。没有丢失任何内容；您可以重试。", "أُوقفت العملية. لم يُفقد شيء؛ يمكنك المحاولة مجددًا.", "থামানো হয়েছে। কিছুই হারায়নি; আপনি আবার চেষ্টা করতে পারেন।", "Se ha detenido. No se ha perdido nada; puede intentarlo de nuevo.")
        case .refusalInternal: language.choose("A fault of this app. Nothing was lost. Please report it.", "本应用出错。没有丢失任何内容。请报告此问题。", "خلل في هذا التطبيق. لم يُفقد شيء. يُرجى الإبلاغ عنه.", "এই অ্যাপের ত্রুটি। কিছুই হারায়নি। অনুগ্রহ করে জানান।", "Un fallo de esta app. No se ha perdido nada. Le rogamos que lo comunique.")
        case .licenseTitle: language.choose("License", "驾驶证", "الرخصة", "লাইসেন্স", "Permiso")
        case .licenseTitles: language.choose("Licenses", "驾驶证", "الرخص", "লাইসেন্সসমূহ", "Permisos")
        case .licenseOf: language.choose("{0} of {1}", "第 {0} 张，共 {1} 张", "{0} من {1}", "{1}টির মধ্যে {0}", "{0} de {1}")
        case .licenseBirthDate: language.choose("Born", "出生日期", "تاريخ الميلاد", "জন্মতারিখ", "Nacimiento")
        case .licenseNumber: language.choose("Number", "证号", "الرقم", "নম্বর", "Número")
        case .licenseIssued: language.choose("Issued", "签发日期", "تاريخ الإصدار", "ইস্যুর তারিখ", "Expedición")
        case .licenseExpires: language.choose("Valid until", "有效期至", "صالحة حتى", "মেয়াদ শেষ", "Válido hasta")
        case .licenseNoEnd: language.choose("No end date", "长期", "بلا تاريخ انتهاء", "শেষ তারিখ নেই", "Sin fecha de fin")
        case .licenseCountry: language.choose("Country", "国家", "البلد", "দেশ", "País")
        case .licenseCategories: language.choose("Categories", "准驾车型", "فئات القيادة", "যা চালাতে পারেন", "Categorías")
        case .licenseCategoryFrom: language.choose("from {0}", "自 {0} 起", "من {0}", "{0} থেকে", "desde {0}")
        case .licenseCategoryUntil: language.choose("until {0}", "至 {0}", "حتى {0}", "{0} পর্যন্ত", "hasta {0}")
        case .licenseCategoryRestrictions: language.choose("Conditions: {0}", "限制条件：{0}", "الشروط: {0}", "শর্ত: {0}", "Condiciones: {0}")
        case .licensePortrait: language.choose("Portrait", "照片", "الصورة", "ছবি", "Foto")
        case .licenseNoPortrait: language.choose("No portrait", "无照片", "لا صورة", "ছবি নেই", "Sin foto")
        case .licenseAsOf: language.choose("As of {0}", "最近确认：{0}", "آخر تأكيد: {0}", "সর্বশেষ নিশ্চিত: {0}", "Confirmado: {0}")
        case .licenseNever: language.choose("Status never received", "从未收到状态", "لم تصل الحالة قط", "স্ট্যাটাস কখনও আসেনি", "Estado nunca recibido")
        case .licenseConfirmed: language.choose("Confirmed {0}", "{0}确认", "تم التأكيد {0}", "{0} নিশ্চিত করা হয়েছে", "Confirmado {0}")
        case .licenseRefresh: language.choose("Refresh", "刷新", "تحديث", "রিফ্রেশ", "Actualizar")
        case .licenseRefreshing: language.choose("Asking the authority", "正在向发证机关查询", "جارٍ سؤال الجهة المُصدِرة", "কর্তৃপক্ষকে জিজ্ঞেস করা হচ্ছে", "Consultando a la autoridad")
        case .licenseShow: language.choose("Show", "出示", "إبراز", "দেখান", "Mostrar")
        case .licenseAnswer: language.choose("Answer an officer", "回应执法人员", "الرد على الضابط", "কর্মকর্তাকে উত্তর দিন", "Responder a un agente")
        case .licenseAdd: language.choose("Add a license", "添加驾驶证", "إضافة رخصة", "লাইসেন্স যোগ করুন", "Añadir permiso")
        case .licenseHistory: language.choose("History", "记录", "السجل", "ইতিহাস", "Historial")
        case .licenseSettings: language.choose("Settings", "设置", "الإعدادات", "সেটিংস", "Ajustes")
        case .licenseNext: language.choose("Next license", "下一张驾驶证", "الرخصة التالية", "পরের লাইসেন্স", "Permiso siguiente")
        case .licensePrevious: language.choose("Previous license", "上一张驾驶证", "الرخصة السابقة", "আগের লাইসেন্স", "Permiso anterior")
        case .licenseDamaged: language.choose("This license's place is damaged. Nothing was deleted. Have it issued anew.", "此驾驶证的存储位置已损坏。没有删除任何内容。请重新领证。", "موضع حفظ هذه الرخصة تالف. لم يُحذف شيء. يُرجى طلب إصدارها من جديد.", "এই লাইসেন্সের সংরক্ষণের জায়গা নষ্ট হয়েছে। কিছু মোছা হয়নি। নতুন করে ইস্যু করান।", "El lugar donde se guarda este permiso está dañado. No se ha borrado nada. Pida que se lo expidan de nuevo.")
        case .licenseSpoken: language.choose("{0}. {1}. {2}.", "{0}。{1}。{2}。", "{0}. {1}. {2}.", "{0}। {1}। {2}।", "{0}. {1}. {2}.")
        case .stateValid: language.choose("May drive", "可以驾驶", "مسموح بالقيادة", "গাড়ি চালাতে পারেন", "Puede conducir")
        case .stateRevoked: language.choose("Revoked", "已吊销", "ملغاة", "বাতিল", "Revocado")
        case .stateSuspended: language.choose("Suspended", "已暂扣", "موقوفة", "স্থগিত", "Suspendido")
        case .stateLapsed: language.choose("Lapsed", "逾期失效", "غير مجدَّدة", "নবায়ন হয়নি", "No renovado")
        case .statePointsLimit: language.choose("Points limit reached", "记分已满", "بلوغ حد النقاط", "পয়েন্টের সীমা পূর্ণ", "Límite de puntos alcanzado")
        case .stateUnresolved: language.choose("May drive, case open", "可以驾驶，有未结案件", "مسموح بالقيادة، وقضية مفتوحة", "গাড়ি চালাতে পারেন, মামলা চলমান", "Puede conducir, caso abierto")
        case .stateUpdateWaiting: language.choose("May drive, being updated", "可以驾驶，正在更新", "مسموح بالقيادة، قيد التحديث", "গাড়ি চালাতে পারেন, হালনাগাদ হচ্ছে", "Puede conducir, se actualiza")
        case .stateSuperseded: language.choose("Replaced by a newer one", "已换新证", "استُبدلت بأحدث", "নতুনটি দিয়ে বদলানো", "Sustituido por uno más nuevo")
        case .stateUnknown: language.choose("Not known", "未知", "غير معروفة", "অজানা", "Desconocido")
        case .stateCredentialExpired: language.choose("Update needed", "需要更新", "تحتاج إلى تحديث", "হালনাগাদ দরকার", "Hay que actualizarlo")
        case .stateNoCategory: language.choose("No category in force", "无有效准驾车型", "لا فئة سارية", "কোনো শ্রেণি চালু নেই", "Sin categorías en vigor")
        case .stateLicenseNotYetValid: language.choose("Not yet valid", "尚未生效", "لم تسرِ بعد", "এখনও কার্যকর নয়", "Aún no válido")
        case .ageNow: language.choose("just now", "刚刚", "الآن", "এইমাত্র", "ahora mismo")
        case .month1: language.choose("Jan", "1月", "يناير", "জানুয়ারি", "ene")
        case .month2: language.choose("Feb", "2月", "فبراير", "ফেব্রুয়ারি", "feb")
        case .month3: language.choose("Mar", "3月", "مارس", "মার্চ", "mar")
        case .month4: language.choose("Apr", "4月", "أبريل", "এপ্রিল", "abr")
        case .month5: language.choose("May", "5月", "مايو", "মে", "may")
        case .month6: language.choose("Jun", "6月", "يونيو", "জুন", "jun")
        case .month7: language.choose("Jul", "7月", "يوليو", "জুলাই", "jul")
        case .month8: language.choose("Aug", "8月", "أغسطس", "আগস্ট", "ago")
        case .month9: language.choose("Sep", "9月", "سبتمبر", "সেপ্টেম্বর", "sept")
        case .month10: language.choose("Oct", "10月", "أكتوبر", "অক্টোবর", "oct")
        case .month11: language.choose("Nov", "11月", "نوفمبر", "নভেম্বর", "nov")
        case .month12: language.choose("Dec", "12月", "ديسمبر", "ডিসেম্বর", "dic")
        case .date: language.choose("{0} {1} {2}", "{2}年{1}{0}日", "{0} {1} {2}", "{0} {1} {2}", "{0} {1} {2}")
        case .dateMonth: language.choose("{0} {1}", "{1}年{0}", "{0} {1}", "{0} {1}", "{0} {1}")
        case .dateYear: language.choose("{0}", "{0}年", "{0}", "{0}", "{0}")
        case .dateTime: language.choose("{0}, {1}", "{0} {1}", "{0}، {1}", "{0}, {1}", "{0}, {1}")
        case .listAnd: language.choose("{0}, {1}", "{0}、{1}", "{0}، {1}", "{0}, {1}", "{0}, {1}")
        case .showTitle: language.choose("Show", "出示", "إبراز", "দেখান", "Mostrar")
        case .showToAnyone: language.choose("For whoever scans it", "供任何扫描者查验", "لكل من يمسحه", "যে স্ক্যান করবে তার জন্য", "Para quien lo escanee")
        case .showNewCode: language.choose("New code in {0} s", "{0} 秒后换新码", "رمز جديد بعد {0} ث", "{0} সে. পরে নতুন কোড", "Nuevo código en {0} s")
        case .showEnds: language.choose("Ends in {0}", "{0} 后结束", "ينتهي بعد {0}", "{0} পরে শেষ", "Termina en {0}")
        case .showUnlocking: language.choose("Unlock the phone to show your license.", "请解锁手机以出示驾驶证。", "يُرجى فتح قفل الهاتف لإبراز رخصتك.", "লাইসেন্স দেখাতে ফোন আনলক করুন।", "Desbloquee el teléfono para mostrar su permiso.")
        case .showUnlock: language.choose("Unlock", "解锁", "فتح القفل", "আনলক", "Desbloquear")
        case .showCancelled: language.choose("You did not unlock. Nothing was shown.", "您没有解锁。没有出示任何内容。", "لم يُفتح القفل. لم يُبرَز شيء.", "আপনি আনলক করেননি। কিছু দেখানো হয়নি।", "No ha desbloqueado. No se ha mostrado nada.")
        case .showFailed: language.choose("The phone did not know you. Try again, or use its passcode.", "手机没有认出您。请重试，或使用手机密码。", "لم يتعرّف الهاتف عليك. يُرجى المحاولة مجددًا أو استخدام رمز المرور.", "ফোন আপনাকে চিনতে পারেনি। আবার চেষ্টা করুন, অথবা ফোনের পাসকোড দিন।", "El teléfono no le ha reconocido. Inténtelo de nuevo o use su código de desbloqueo.")
        case .showNoLock: language.choose("This phone has no screen lock. Set one, so that nobody else can show your license.", "这部手机没有屏幕锁。请设置一个，以免他人出示您的驾驶证。", "لا قفل لشاشة هذا الهاتف. يُرجى تعيين قفل كي لا يُبرز غيرك رخصتك.", "এই ফোনে স্ক্রিন লক নেই। একটি দিন, যাতে অন্য কেউ আপনার লাইসেন্স দেখাতে না পারে।", "Este teléfono no tiene bloqueo de pantalla. Póngale uno para que nadie más pueda mostrar su permiso.")
        case .showOver: language.choose("Five minutes have passed.", "五分钟已过。", "انقضت خمس دقائق.", "পাঁচ মিনিট পেরিয়ে গেছে।", "Han pasado cinco minutos.")
        case .showTooLate: language.choose("The officer's question is too old by now. Ask the officer to ask again.", "执法人员的询问已经过时。请执法人员重新询问。", "انقضى وقت سؤال ضابط المرور. يُرجى أن يُطلب منه السؤال مجددًا.", "কর্মকর্তার প্রশ্নের সময় পেরিয়ে গেছে। কর্মকর্তাকে আবার প্রশ্ন করতে বলুন।", "La pregunta del agente ya ha caducado. Pídale que pregunte de nuevo.")
        case .showEnded: language.choose("The code is no longer shown.", "二维码已不再显示。", "لم يعد الرمز معروضًا.", "কোডটি আর দেখানো হচ্ছে না।", "El código ya no se muestra.")
        case .showCaptured: language.choose("This screen is being recorded or mirrored. The code stays covered until that ends.", "屏幕正在被录制或投屏。在此结束之前，二维码会一直被遮住。", "يجري تسجيل هذه الشاشة أو عرضها على شاشة أخرى. يبقى الرمز محجوبًا حتى ينتهي ذلك.", "এই স্ক্রিন রেকর্ড করা হচ্ছে বা অন্য পর্দায় দেখানো হচ্ছে। তা শেষ না হওয়া পর্যন্ত কোডটি ঢাকা থাকবে।", "Esta pantalla se está grabando o duplicando. El código permanece tapado hasta que eso termine.")
        case .showAgain: language.choose("Show again", "再次出示", "إبراز مجددًا", "আবার দেখান", "Mostrar otra vez")
        case .showEnd: language.choose("End", "结束", "إنهاء", "শেষ", "Terminar")
        case .showStarting: language.choose("Signing the first code", "正在签署第一个二维码", "جارٍ توقيع الرمز الأول", "প্রথম কোড স্বাক্ষর হচ্ছে", "Firmando el primer código")
        case .showQr: language.choose("QR code for the officer. It changes every ten seconds.", "供执法人员扫描的二维码。每十秒更换一次。", "رمز QR لضابط المرور. يتغيّر كل عشر ثوانٍ.", "কর্মকর্তার জন্য QR কোড। প্রতি দশ সেকেন্ডে বদলায়।", "Código QR para el agente. Cambia cada diez segundos.")
        case .showNoStatusInside: language.choose("The status did not fit into the code. The officer will see none.", "二维码装不下状态。执法人员将看不到状态。", "لم تتسع الحالة في الرمز. لن يرى ضابط المرور أي حالة.", "কোডে স্ট্যাটাস আঁটেনি। কর্মকর্তা কোনো স্ট্যাটাস দেখবেন না।", "El estado no cabía en el código. El agente no verá ninguno.")
        case .showSpoken: language.choose("License of {0}. {1}. {2}. New code in {3}.", "{0}的驾驶证。{1}。{2}。{3}后换新码。", "رخصة {0}. {1}. {2}. رمز جديد بعد {3}.", "{0}-এর লাইসেন্স। {1}। {2}। {3} পরে নতুন কোড।", "Permiso de {0}. {1}. {2}. Nuevo código en {3}.")
        case .answerTitle: language.choose("Answer an officer", "回应执法人员", "الرد على ضابط المرور", "কর্মকর্তাকে উত্তর দিন", "Responder a un agente")
        case .answerBody: language.choose("Scan the officer's QR, or type the 8 digits that you are told.", "请扫描执法人员的二维码，或输入对方告知的 8 位数字。", "يُرجى مسح رمز QR لدى ضابط المرور، أو كتابة الأرقام الثمانية التي تُقال لك.", "কর্মকর্তার QR কোড স্ক্যান করুন, অথবা আপনাকে বলা 8টি অঙ্ক টাইপ করুন।", "Escanee el QR del agente o escriba las 8 cifras que le digan.")
        case .answerScan: language.choose("Scan the officer's QR", "扫描执法人员的二维码", "مسح رمز الضابط", "কর্মকর্তার QR স্ক্যান", "Escanear el QR del agente")
        case .answerDigits: language.choose("8 digits", "8 位数字", "8 أرقام", "8টি অঙ্ক", "8 cifras")
        case .answerRead: language.choose("Go on", "继续", "متابعة", "এগিয়ে যান", "Seguir")
        case .answerAsks: language.choose("Who asks", "谁在询问", "من يسأل", "কে জানতে চান", "Quién pregunta")
        case .answerProven: language.choose("The authority vouches for this name.", "发证机关为此名称担保。", "تضمن الجهة المُصدِرة صحة هذا الاسم.", "কর্তৃপক্ষ এই নামের নিশ্চয়তা দেয়।", "La autoridad responde por este nombre.")
        case .answerUnproven: language.choose("Nothing proves this name. Answer only someone whom you see.", "此名称未经证实。只回应您当面看到的人。", "لا شيء يثبت هذا الاسم. يُرجى الرد فقط على من تراه أمامك.", "এই নামের কোনো প্রমাণ নেই। যাঁকে সামনে দেখছেন, কেবল তাঁকেই উত্তর দিন।", "Nada demuestra este nombre. Responda solo a quien tenga delante.")
        case .answerByDigits: language.choose("Someone who told you 8 digits", "口头告知您 8 位数字的人", "من قال لك 8 أرقام", "যিনি আপনাকে 8টি অঙ্ক বলেছেন", "Quien le dijo 8 cifras")
        case .answerShow: language.choose("Show my license", "出示我的驾驶证", "إبراز رخصتي", "আমার লাইসেন্স দেখান", "Mostrar mi permiso")
        case .answerMalformed: language.choose("This is no question of an officer. Scan it again, or type the 8 digits again.", "这不是执法人员的询问。请重新扫描，或重新输入 8 位数字。", "هذا ليس سؤالًا من ضابط مرور. يُرجى المسح مجددًا، أو كتابة الأرقام الثمانية مجددًا.", "এটি কর্মকর্তার প্রশ্ন নয়। আবার স্ক্যান করুন, অথবা 8টি অঙ্ক আবার টাইপ করুন।", "Esto no es la pregunta de un agente. Escanéela de nuevo o vuelva a escribir las 8 cifras.")
        case .answerRecorded: language.choose("This code is over a minute old: someone may have recorded it. Ask the officer for a new one.", "此二维码已超过一分钟，可能是别人录下的。请执法人员出示新的。", "مضت على هذا الرمز أكثر من دقيقة، وربما سجّله أحد. يُرجى طلب رمز جديد من ضابط المرور.", "এই কোড এক মিনিটের বেশি পুরোনো, কেউ রেকর্ড করে থাকতে পারে। কর্মকর্তার কাছে নতুন কোড চান।", "Este código tiene más de un minuto: alguien puede haberlo grabado. Pida otro al agente.")
        case .historyTitle: language.choose("History", "记录", "السجل", "ইতিহাস", "Historial")
        case .historyEmpty: language.choose("Nothing has happened yet.", "还没有任何记录。", "لم يحدث شيء بعد.", "এখনও কিছু ঘটেনি।", "Aún no ha pasado nada.")
        case .historyBroken: language.choose("Someone else has changed this list. What stood before is missing.", "有人改动了这份记录。之前的内容已缺失。", "غيّر شخص آخر هذا السجل. ما سبق مفقود.", "অন্য কেউ এই তালিকা বদলেছে। আগে যা ছিল তা নেই।", "Otra persona ha cambiado esta lista. Falta lo anterior.")
        case .historyShown: language.choose("Shown", "已出示", "أُبرزت", "দেখানো হয়েছে", "Mostrado")
        case .historyShownTo: language.choose("Shown to {0}", "已向 {0} 出示", "أُبرزت أمام {0}", "{0}-কে দেখানো হয়েছে", "Mostrado a {0}")
        case .historyShownDigits: language.choose("Shown to someone who told 8 digits", "已向口头告知 8 位数字的人出示", "أُبرزت لمن قال 8 أرقام", "যিনি 8টি অঙ্ক বলেছেন তাঁকে দেখানো হয়েছে", "Mostrado a quien dijo 8 cifras")
        case .historyNameProven: language.choose("name proven", "名称已证实", "الاسم مثبَت", "নাম প্রমাণিত", "nombre demostrado")
        case .historyNameUnproven: language.choose("name not proven", "名称未证实", "الاسم غير مثبَت", "নাম প্রমাণিত নয়", "nombre no demostrado")
        case .historyWithPortrait: language.choose("with portrait", "含照片", "مع الصورة", "ছবিসহ", "con foto")
        case .historyStatus: language.choose("Status shown: {0}", "出示的状态：{0}", "الحالة المُبرَزة: {0}", "দেখানো স্ট্যাটাস: {0}", "Estado mostrado: {0}")
        case .historyEnrolled: language.choose("Issued to this phone", "已签发到这部手机", "صدرت لهذا الهاتف", "এই ফোনে ইস্যু হয়েছে", "Expedido para este teléfono")
        case .historyRenewed: language.choose("Renewed", "已续期", "جُدِّدت", "নবায়ন হয়েছে", "Renovado")
        case .historyStatusChanged: language.choose("Status changed: {0} to {1}", "状态由“{0}”变为“{1}”", "تغيّرت الحالة: من «{0}» إلى «{1}»", "স্ট্যাটাস বদলেছে: “{0}” থেকে “{1}”", "Cambio de estado: de «{0}» a «{1}»")
        case .historyRemoved: language.choose("Removed from this phone", "已从这部手机移除", "أُزيلت من هذا الهاتف", "এই ফোন থেকে সরানো হয়েছে", "Quitado de este teléfono")
        case .settingsTitle: language.choose("Settings", "设置", "الإعدادات", "সেটিংস", "Ajustes")
        case .settingsLicenses: language.choose("Licenses on this phone", "这部手机上的驾驶证", "الرخص على هذا الهاتف", "এই ফোনের লাইসেন্স", "Permisos en este teléfono")
        case .settingsRemove: language.choose("Remove", "移除", "إزالة", "সরান", "Quitar")
        case .settingsRemoveTitle: language.choose("Remove this license?", "移除此驾驶证？", "هل تُزال هذه الرخصة؟", "এই লাইসেন্স সরাবেন?", "¿Quitar este permiso?")
        case .settingsRemoveBody: language.choose("It and its keys go from this phone. The authority is not told; for a new one you need a new offer.", "驾驶证及其密钥将从这部手机删除。不会通知发证机关；重新领证需要新的领证邀请。", "تُحذف الرخصة ومفاتيحها من هذا الهاتف. لا تُبلَّغ الجهة المُصدِرة؛ ولرخصة جديدة تلزم دعوة جديدة.", "এটি ও এর চাবিগুলো এই ফোন থেকে মুছে যাবে। কর্তৃপক্ষকে জানানো হয় না; নতুন লাইসেন্সের জন্য নতুন আমন্ত্রণ লাগবে।", "El permiso y sus claves desaparecen de este teléfono. No se avisa a la autoridad; para uno nuevo necesita otra invitación.")
        case .settingsRemoveYes: language.choose("Remove it", "确认移除", "نعم، إزالة", "হ্যাঁ, সরান", "Sí, quitar")
        case .settingsStored: language.choose("What is stored", "存储的内容", "ما يُحفظ", "যা রাখা আছে", "Qué se guarda")
        case .settingsStoredLicense: language.choose("Your license and portrait, as the authority signed them", "您的驾驶证和照片，由发证机关签名", "رخصتك وصورتك، كما وقّعتهما الجهة المُصدِرة", "আপনার লাইসেন্স ও ছবি, কর্তৃপক্ষ যেমন স্বাক্ষর করেছে", "Su permiso y su foto, tal como los firmó la autoridad")
        case .settingsStoredStatus: language.choose("The newest status and the list of keys to trust", "最新状态和可信密钥清单", "أحدث حالة وقائمة المفاتيح الموثوقة", "সর্বশেষ স্ট্যাটাস ও বিশ্বস্ত চাবির তালিকা", "El último estado y la lista de claves de confianza")
        case .settingsStoredHistory: language.choose("What was shown, when, and to whom", "出示过什么、何时、向谁", "ما أُبرز ومتى ولمن", "কী, কখন ও কাকে দেখানো হয়েছে", "Qué se mostró, cuándo y a quién")
        case .settingsStoredKeys: language.choose("Keys that do not leave this phone", "不会离开这部手机的密钥", "مفاتيح لا تغادر هذا الهاتف", "যে চাবিগুলো এই ফোন ছেড়ে যায় না", "Claves que no salen de este teléfono")
        case .settingsStoredWhere: language.choose("All of it encrypted, on this phone alone, in no backup.", "全部加密，只存在这部手机上，不进入任何备份。", "كله مشفّر، على هذا الهاتف وحده، وليس في أي نسخة احتياطية.", "সবই এনক্রিপ্ট করা, শুধু এই ফোনে, কোনো ব্যাকআপে নেই।", "Todo cifrado, solo en este teléfono y en ninguna copia de seguridad.")
        case .settingsAuthority: language.choose("Authority", "发证机关", "الجهة المُصدِرة", "কর্তৃপক্ষ", "Autoridad")
        case .settingsNotices: language.choose("Licences of the code", "代码许可", "تراخيص البرمجيات", "কোডের লাইসেন্স", "Licencias del código")
        case .settingsVersion: language.choose("Version {0}", "版本 {0}", "الإصدار {0}", "সংস্করণ {0}", "Versión {0}")
        case .actionRetry: language.choose("Try again", "重试", "إعادة المحاولة", "আবার চেষ্টা", "Reintentar")
        case .actionRefresh: language.choose("Refresh", "刷新", "تحديث", "রিফ্রেশ", "Actualizar")
        case .actionClock: language.choose("Set the clock", "设置时间", "ضبط الساعة", "ঘড়ি ঠিক করুন", "Ajustar la hora")
        case .actionLock: language.choose("Set a screen lock", "设置屏幕锁", "تعيين قفل الشاشة", "স্ক্রিন লক দিন", "Poner bloqueo")
        case .actionStorage: language.choose("Free storage", "腾出空间", "إخلاء مساحة", "জায়গা খালি করুন", "Liberar espacio")
        case .actionUpdate: language.choose("Update the app", "更新应用", "تحديث التطبيق", "অ্যাপ আপডেট", "Actualizar la app")
        case .actionAnew: language.choose("Begin anew, keep the old files", "重新开始，保留旧文件", "بدء جديد مع إبقاء الملفات القديمة", "নতুন করে শুরু, পুরোনো ফাইল থাকবে", "Empezar de nuevo, sin borrar lo anterior")
        case .actionAuthority: language.choose("Ask the authority", "联系发证机关", "سؤال الجهة المُصدِرة", "কর্তৃপক্ষকে জিজ্ঞেস করুন", "Preguntar a la autoridad")
        case .actionUnlock: language.choose("Unlock the phone", "解锁手机", "فتح قفل الهاتف", "ফোন আনলক", "Desbloquear el teléfono")
        case .troubleHappened: language.choose("What happened", "发生了什么", "ما الذي حدث", "কী হয়েছে", "Qué ha pasado")
        case .troubleHolds: language.choose("What still holds", "什么仍然有效", "ما لا يزال قائمًا", "কী এখনও ঠিক আছে", "Qué sigue valiendo")
        case .troubleDo: language.choose("What to do", "该怎么做", "ما العمل", "কী করবেন", "Qué hacer")
        case .troubleNoNetworkTitle: language.choose("No network", "没有网络", "لا شبكة", "নেটওয়ার্ক নেই", "Sin red")
        case .troubleNoNetworkWhat: language.choose("The authority could not be asked.", "未能向发证机关查询。", "تعذّر سؤال الجهة المُصدِرة.", "কর্তৃপক্ষকে জিজ্ঞেস করা যায়নি।", "No se ha podido consultar a la autoridad.")
        case .troubleNoNetworkHolds: language.choose("Your license can be shown all the same. Its status grows older.", "驾驶证照样可以出示。只是状态会越来越旧。", "يمكن إبراز رخصتك رغم ذلك. غير أن حالتها تزداد قِدمًا.", "লাইসেন্স তবু দেখানো যায়। তবে এর স্ট্যাটাস পুরোনো হতে থাকে।", "Su permiso se puede mostrar igualmente. Su estado se va quedando antiguo.")
        case .troubleNoNetworkDo: language.choose("Refresh when there is signal again.", "有信号后请刷新。", "يُرجى التحديث عند عودة التغطية.", "আবার সিগন্যাল পেলে রিফ্রেশ করুন।", "Actualice cuando vuelva a haber cobertura.")
        case .troubleStatusOldTitle: language.choose("Status is old", "状态较旧", "الحالة قديمة", "স্ট্যাটাস পুরোনো", "Estado antiguo")
        case .troubleStatusOldWhat: language.choose("The status was last confirmed more than a day ago.", "状态上次确认已超过一天。", "مضى أكثر من يوم على آخر تأكيد للحالة.", "স্ট্যাটাস শেষবার নিশ্চিত হয়েছে এক দিনের বেশি আগে।", "El estado se confirmó por última vez hace más de un día.")
        case .troubleStatusOldHolds: language.choose("The license is genuine and can be shown. An officer sees the age.", "驾驶证是真的，可以出示。执法人员会看到状态有多旧。", "الرخصة أصلية ويمكن إبرازها. يرى ضابط المرور قِدم حالتها.", "লাইসেন্স আসল এবং দেখানো যায়। কর্মকর্তা দেখেন স্ট্যাটাস কত পুরোনো।", "El permiso es auténtico y se puede mostrar. El agente ve la antigüedad del estado.")
        case .troubleStatusOldDo: language.choose("Refresh before you drive on.", "继续驾驶前请刷新。", "يُرجى التحديث قبل متابعة القيادة.", "আবার গাড়ি চালানোর আগে রিফ্রেশ করুন।", "Actualice antes de seguir conduciendo.")
        case .troubleStatusUnknownTitle: language.choose("Status not known", "状态未知", "الحالة غير معروفة", "স্ট্যাটাস অজানা", "Estado desconocido")
        case .troubleStatusUnknownWhat: language.choose("No status was ever received, or the last is over a week old.", "从未收到状态，或上次的状态已超过一周。", "لم تصل أي حالة قط، أو مضى على آخرها أكثر من أسبوع.", "কোনো স্ট্যাটাস কখনও আসেনি, অথবা শেষটি এক সপ্তাহের বেশি পুরোনো।", "Nunca se recibió un estado, o el último tiene más de una semana.")
        case .troubleStatusUnknownHolds: language.choose("The license is genuine and can be shown. An officer sees that its status is not known.", "驾驶证是真的，可以出示。执法人员会看到状态未知。", "الرخصة أصلية ويمكن إبرازها. يرى ضابط المرور أن حالتها غير معروفة.", "লাইসেন্স আসল এবং দেখানো যায়। কর্মকর্তা দেখেন যে স্ট্যাটাস অজানা।", "El permiso es auténtico y se puede mostrar. El agente ve que su estado es desconocido.")
        case .troubleStatusUnknownDo: language.choose("Refresh with signal.", "请在有信号时刷新。", "يُرجى التحديث مع توفر التغطية.", "সিগন্যাল থাকলে রিফ্রেশ করুন।", "Actualice con cobertura.")
        case .troubleSuspendedTitle: language.choose("Suspended", "已暂扣", "موقوفة", "স্থগিত", "Suspendido")
        case .troubleSuspendedWhat: language.choose("The authority has taken your license away for a time.", "发证机关已在一段时间内暂扣您的驾驶证。", "أوقفت الجهة المُصدِرة رخصتك مؤقتًا.", "কর্তৃপক্ষ কিছু সময়ের জন্য আপনার লাইসেন্স নিয়ে নিয়েছে।", "La autoridad le ha retirado el permiso por un tiempo.")
        case .troubleSuspendedHolds: language.choose("You may not drive. The license stays on this phone.", "您不得驾驶。驾驶证仍保留在这部手机上。", "لا يُسمح لك بالقيادة. تبقى الرخصة على هذا الهاتف.", "আপনি গাড়ি চালাতে পারবেন না। লাইসেন্স এই ফোনে থাকে।", "No puede conducir. El permiso sigue en este teléfono.")
        case .troubleSuspendedDo: language.choose("Ask the authority how long, and what it takes.", "请向发证机关询问暂扣多久，以及需要做什么。", "يُرجى سؤال الجهة المُصدِرة عن المدة وعن المطلوب.", "কত দিনের জন্য এবং কী করতে হবে, কর্তৃপক্ষকে জিজ্ঞেস করুন।", "Pregunte a la autoridad hasta cuándo y qué se necesita.")
        case .troubleLapsedTitle: language.choose("Lapsed", "逾期失效", "غير مجدَّدة", "নবায়ন হয়নি", "No renovado")
        case .troubleLapsedWhat: language.choose("The license was not renewed in time.", "驾驶证没有按时更换。", "لم تُجدَّد الرخصة في موعدها.", "লাইসেন্স সময়মতো নবায়ন হয়নি।", "El permiso no se renovó a tiempo.")
        case .troubleLapsedHolds: language.choose("You may not drive. The license stays on this phone.", "您不得驾驶。驾驶证仍保留在这部手机上。", "لا يُسمح لك بالقيادة. تبقى الرخصة على هذا الهاتف.", "আপনি গাড়ি চালাতে পারবেন না। লাইসেন্স এই ফোনে থাকে।", "No puede conducir. El permiso sigue en este teléfono.")
        case .troubleLapsedDo: language.choose("Renew it at the authority.", "请到发证机关换证。", "يُرجى تجديدها لدى الجهة المُصدِرة.", "কর্তৃপক্ষের কাছে নবায়ন করুন।", "Renuévelo ante la autoridad.")
        case .troublePointsLimitTitle: language.choose("Points limit reached", "记分已满", "بلوغ حد النقاط", "পয়েন্টের সীমা পূর্ণ", "Límite de puntos alcanzado")
        case .troublePointsLimitWhat: language.choose("Your penalty points have reached what the law allows.", "您的违法记分已达到法律允许的上限。", "بلغت نقاط مخالفاتك الحد الذي يسمح به القانون.", "আপনার শাস্তির পয়েন্ট আইনের সীমায় পৌঁছেছে।", "Sus puntos de sanción han alcanzado lo que permite la ley.")
        case .troublePointsLimitHolds: language.choose("You may not drive. The license stays on this phone.", "您不得驾驶。驾驶证仍保留在这部手机上。", "لا يُسمح لك بالقيادة. تبقى الرخصة على هذا الهاتف.", "আপনি গাড়ি চালাতে পারবেন না। লাইসেন্স এই ফোনে থাকে।", "No puede conducir. El permiso sigue en este teléfono.")
        case .troublePointsLimitDo: language.choose("Ask the authority what it takes to drive again.", "请向发证机关询问怎样才能重新驾驶。", "يُرجى سؤال الجهة المُصدِرة عمّا يلزم للعودة إلى القيادة.", "আবার গাড়ি চালাতে কী লাগবে, কর্তৃপক্ষকে জিজ্ঞেস করুন।", "Pregunte a la autoridad qué se necesita para volver a conducir.")
        case .troubleUnresolvedTitle: language.choose("A case is open", "有未结案件", "قضية مفتوحة", "একটি মামলা চলমান", "Hay un caso abierto")
        case .troubleUnresolvedWhat: language.choose("A violation or an accident waits to be handled.", "有一起违法或事故等待处理。", "مخالفة أو حادث بانتظار المعالجة.", "একটি আইনভঙ্গ বা দুর্ঘটনার নিষ্পত্তি বাকি।", "Una infracción o un accidente está por resolver.")
        case .troubleUnresolvedHolds: language.choose("You may drive. An officer sees that a case is open.", "您可以驾驶。执法人员会看到有未结案件。", "يُسمح لك بالقيادة. يرى ضابط المرور أن هناك قضية مفتوحة.", "আপনি গাড়ি চালাতে পারেন। কর্মকর্তা দেখেন যে একটি মামলা চলমান।", "Puede conducir. El agente ve que hay un caso abierto.")
        case .troubleUnresolvedDo: language.choose("Handle it at the authority.", "请到发证机关处理。", "يُرجى معالجتها لدى الجهة المُصدِرة.", "কর্তৃপক্ষের কাছে নিষ্পত্তি করুন।", "Resuélvalo ante la autoridad.")
        case .troubleRevokedTitle: language.choose("Revoked", "已吊销", "ملغاة", "বাতিল", "Revocado")
        case .troubleRevokedWhat: language.choose("The authority has taken your license away for good.", "发证机关已永久吊销您的驾驶证。", "ألغت الجهة المُصدِرة رخصتك نهائيًا.", "কর্তৃপক্ষ আপনার লাইসেন্স স্থায়ীভাবে নিয়ে নিয়েছে।", "La autoridad le ha retirado el permiso definitivamente.")
        case .troubleRevokedHolds: language.choose("You may not drive.", "您不得驾驶。", "لا يُسمح لك بالقيادة.", "আপনি গাড়ি চালাতে পারবেন না।", "No puede conducir.")
        case .troubleRevokedDo: language.choose("Ask the authority. You may remove it from this phone.", "请联系发证机关。您可以将它从这部手机移除。", "يُرجى سؤال الجهة المُصدِرة. يمكنك إزالتها من هذا الهاتف.", "কর্তৃপক্ষকে জিজ্ঞেস করুন। আপনি এটি এই ফোন থেকে সরাতে পারেন।", "Pregunte a la autoridad. Puede quitarlo de este teléfono.")
        case .troubleSupersededTitle: language.choose("Replaced", "已换新证", "استُبدلت", "বদলানো হয়েছে", "Sustituido")
        case .troubleSupersededWhat: language.choose("A newer license has taken this one's place.", "新的驾驶证已取代这一张。", "حلّت رخصة أحدث محل هذه.", "নতুন একটি লাইসেন্স এটির জায়গা নিয়েছে।", "Un permiso más nuevo ha ocupado el lugar de este.")
        case .troubleSupersededHolds: language.choose("The newer one holds. Officers refuse this one.", "新证有效。执法人员不接受这一张。", "الأحدث هي السارية. يرفض ضباط المرور هذه.", "নতুনটি কার্যকর। কর্মকর্তারা এটি মানবেন না।", "Vale el más nuevo. Los agentes rechazan este.")
        case .troubleSupersededDo: language.choose("Show the newer one. You may remove this one.", "请出示新证。您可以移除这一张。", "يُرجى إبراز الأحدث. يمكنك إزالة هذه.", "নতুনটি দেখান। এটি সরাতে পারেন।", "Muestre el más nuevo. Puede quitar este.")
        case .troubleLicenseExpiredTitle: language.choose("License expired", "驾驶证已过期", "انتهت صلاحية الرخصة", "লাইসেন্সের মেয়াদ শেষ", "Permiso caducado")
        case .troubleLicenseExpiredWhat: language.choose("The license's last day is past.", "驾驶证的有效期已过。", "انقضى آخر يوم في صلاحية الرخصة.", "লাইসেন্সের শেষ দিন পেরিয়ে গেছে।", "Ya ha pasado el último día de validez del permiso.")
        case .troubleLicenseExpiredHolds: language.choose("You may not drive with it.", "您不得凭它驾驶。", "لا يُسمح لك بالقيادة بها.", "এটি দিয়ে আপনি গাড়ি চালাতে পারবেন না।", "No puede conducir con él.")
        case .troubleLicenseExpiredDo: language.choose("Renew it at the authority.", "请到发证机关换证。", "يُرجى تجديدها لدى الجهة المُصدِرة.", "কর্তৃপক্ষের কাছে নবায়ন করুন।", "Renuévelo ante la autoridad.")
        case .troubleClockSetBackTitle: language.choose("Clock set back", "时钟被调回", "ساعة الهاتف متأخرة", "ঘড়ি পিছিয়ে গেছে", "Reloj atrasado")
        case .troubleClockSetBackWhat: language.choose("This phone's clock shows a time that is already past.", "这部手机的时钟显示的是已经过去的时间。", "تُظهر ساعة هذا الهاتف وقتًا مضى.", "এই ফোনের ঘড়ি যে সময় দেখাচ্ছে তা আগেই পেরিয়ে গেছে।", "El reloj de este teléfono muestra una hora que ya ha pasado.")
        case .troubleClockSetBackHolds: language.choose("The license is shown with the best known time.", "驾驶证按已知的最可靠时间出示。", "تُبرَز الرخصة بأفضل وقت معروف.", "সবচেয়ে নির্ভরযোগ্য জানা সময় দিয়ে লাইসেন্স দেখানো হয়।", "El permiso se muestra con la mejor hora conocida.")
        case .troubleClockSetBackDo: language.choose("Let the phone set its clock by itself.", "请让手机自动设置时间。", "يُرجى ترك الهاتف يضبط ساعته تلقائيًا.", "ফোনকে নিজে থেকে ঘড়ি ঠিক করতে দিন।", "Deje que el teléfono ponga la hora automáticamente.")
        case .troubleRolledBackTitle: language.choose("Older copy found", "发现旧副本", "عُثر على نسخة أقدم", "পুরোনো কপি পাওয়া গেছে", "Copia anterior")
        case .troubleRolledBackWhat: language.choose("The wallet was put back from an older copy.", "卡包是从旧副本恢复的。", "استُعيدت المحفظة من نسخة أقدم.", "ওয়ালেটটি একটি পুরোনো কপি থেকে ফিরিয়ে আনা হয়েছে।", "La cartera se restauró desde una copia anterior.")
        case .troubleRolledBackHolds: language.choose("Your license is there. Its status is not known until it has been refreshed.", "您的驾驶证还在。刷新之前，其状态未知。", "رخصتك موجودة. حالتها غير معروفة إلى أن تُحدَّث.", "আপনার লাইসেন্স আছে। রিফ্রেশ না করা পর্যন্ত এর স্ট্যাটাস অজানা।", "Su permiso está ahí. Su estado es desconocido hasta que se actualice.")
        case .troubleRolledBackDo: language.choose("Refresh with signal.", "请在有信号时刷新。", "يُرجى التحديث مع توفر التغطية.", "সিগন্যাল থাকলে রিফ্রেশ করুন।", "Actualice con cobertura.")
        case .troubleDamagedTitle: language.choose("Data damaged", "数据已损坏", "بيانات تالفة", "ডেটা নষ্ট", "Datos dañados")
        case .troubleDamagedWhat: language.choose("What is stored is not what this app wrote.", "存储的内容与本应用写入的不符。", "المحفوظ ليس ما كتبه هذا التطبيق.", "যা রাখা আছে তা এই অ্যাপ লেখেনি।", "Lo guardado no es lo que escribió esta app.")
        case .troubleDamagedHolds: language.choose("Nothing was deleted. What can be read stays usable.", "没有删除任何内容。能读取的仍可使用。", "لم يُحذف شيء. ما تمكن قراءته يبقى صالحًا للاستخدام.", "কিছু মোছা হয়নি। যা পড়া যায় তা ব্যবহার করা যাবে।", "No se ha borrado nada. Lo que se puede leer sigue sirviendo.")
        case .troubleDamagedDo: language.choose("Have the license issued anew. The old files are kept beside.", "请重新领证。旧文件会另行保留。", "يُرجى طلب إصدار الرخصة من جديد. تبقى الملفات القديمة محفوظة جانبًا.", "লাইসেন্স নতুন করে ইস্যু করান। পুরোনো ফাইল পাশে রাখা থাকবে।", "Pida que le expidan el permiso de nuevo. Los archivos anteriores se conservan aparte.")
        case .troubleKeyInvalidatedTitle: language.choose("Phone's key is gone", "手机密钥已不存在", "مفتاح الهاتف مفقود", "ফোনের চাবি আর নেই", "La clave ya no existe")
        case .troubleKeyInvalidatedWhat: language.choose("The phone has destroyed the key of this wallet, as after a change of its screen lock.", "手机已销毁此卡包的密钥，例如在更改屏幕锁之后。", "أتلف الهاتف مفتاح هذه المحفظة، كما يحدث بعد تغيير قفل الشاشة.", "ফোন এই ওয়ালেটের চাবি নষ্ট করেছে, যেমন স্ক্রিন লক বদলালে হয়।", "El teléfono ha destruido la clave de esta cartera, como ocurre al cambiar su bloqueo de pantalla.")
        case .troubleKeyInvalidatedHolds: language.choose("Nothing was deleted, but it cannot be opened any more. Your right to drive is untouched.", "没有删除任何内容，但已无法打开。您的驾驶资格不受影响。", "لم يُحذف شيء، لكن لم يعد فتحه ممكنًا. حقك في القيادة لم يُمس.", "কিছু মোছা হয়নি, কিন্তু আর খোলা যাবে না। আপনার গাড়ি চালানোর অধিকার অটুট আছে।", "No se ha borrado nada, pero ya no se puede abrir. Su derecho a conducir sigue intacto.")
        case .troubleKeyInvalidatedDo: language.choose("Begin anew and ask the authority for a new offer.", "请重新开始，并向发证机关要一份新的领证邀请。", "يُرجى البدء من جديد وطلب دعوة جديدة من الجهة المُصدِرة.", "নতুন করে শুরু করুন এবং কর্তৃপক্ষের কাছে নতুন আমন্ত্রণ চান।", "Empiece de nuevo y pida otra invitación a la autoridad.")
        case .troublePasscodeRemovedTitle: language.choose("Screen lock removed", "屏幕锁已移除", "أُزيل قفل الشاشة", "স্ক্রিন লক সরানো হয়েছে", "Sin bloqueo de pantalla")
        case .troublePasscodeRemovedWhat: language.choose("This phone's screen lock was removed, and the keys went with it.", "这部手机的屏幕锁已移除，密钥也随之消失。", "أُزيل قفل شاشة هذا الهاتف، وزالت المفاتيح معه.", "এই ফোনের স্ক্রিন লক সরানো হয়েছে, সঙ্গে চাবিগুলোও চলে গেছে।", "Se quitó el bloqueo de pantalla de este teléfono y, con él, desaparecieron las claves.")
        case .troublePasscodeRemovedHolds: language.choose("Nothing was deleted, but it cannot be opened any more. Your right to drive is untouched.", "没有删除任何内容，但已无法打开。您的驾驶资格不受影响。", "لم يُحذف شيء، لكن لم يعد فتحه ممكنًا. حقك في القيادة لم يُمس.", "কিছু মোছা হয়নি, কিন্তু আর খোলা যাবে না। আপনার গাড়ি চালানোর অধিকার অটুট আছে।", "No se ha borrado nada, pero ya no se puede abrir. Su derecho a conducir sigue intacto.")
        case .troublePasscodeRemovedDo: language.choose("Set a screen lock, begin anew, and ask the authority for a new offer.", "请设置屏幕锁，重新开始，并向发证机关要一份新的领证邀请。", "يُرجى تعيين قفل للشاشة، ثم البدء من جديد وطلب دعوة جديدة من الجهة المُصدِرة.", "স্ক্রিন লক দিন, নতুন করে শুরু করুন এবং কর্তৃপক্ষের কাছে নতুন আমন্ত্রণ চান।", "Ponga un bloqueo de pantalla, empiece de nuevo y pida otra invitación a la autoridad.")
        case .troubleOtherDeviceTitle: language.choose("From another phone", "来自另一部手机", "من هاتف آخر", "অন্য ফোন থেকে", "De otro teléfono")
        case .troubleOtherDeviceWhat: language.choose("These files were made on another phone, whose key does not leave it.", "这些文件是在另一部手机上生成的，其密钥不会离开那部手机。", "أُنشئت هذه الملفات على هاتف آخر لا يغادره مفتاحه.", "এই ফাইলগুলো অন্য একটি ফোনে তৈরি, যার চাবি সেই ফোন ছেড়ে যায় না।", "Estos archivos se hicieron en otro teléfono, cuya clave no sale de él.")
        case .troubleOtherDeviceHolds: language.choose("The license on the other phone is untouched.", "另一部手机上的驾驶证不受影响。", "الرخصة على الهاتف الآخر لم تُمس.", "অন্য ফোনের লাইসেন্স অটুট আছে।", "El permiso del otro teléfono sigue intacto.")
        case .troubleOtherDeviceDo: language.choose("Begin anew on this phone and ask the authority for an offer.", "请在这部手机上重新开始，并向发证机关要一份领证邀请。", "يُرجى البدء من جديد على هذا الهاتف وطلب دعوة من الجهة المُصدِرة.", "এই ফোনে নতুন করে শুরু করুন এবং কর্তৃপক্ষের কাছে আমন্ত্রণ চান।", "Empiece de nuevo en este teléfono y pida una invitación a la autoridad.")
        case .troubleDeviceLockedTitle: language.choose("Phone is locked", "手机已锁定", "الهاتف مقفل", "ফোন লক করা", "Teléfono bloqueado")
        case .troubleDeviceLockedWhat: language.choose("The keys are out of reach while the phone is locked.", "手机锁定时无法使用密钥。", "لا يمكن الوصول إلى المفاتيح ما دام الهاتف مقفلًا.", "ফোন লক থাকলে চাবিগুলো পাওয়া যায় না।", "No se puede acceder a las claves mientras el teléfono está bloqueado.")
        case .troubleDeviceLockedHolds: language.choose("Everything is there.", "一切都在。", "كل شيء في مكانه.", "সবকিছু আগের মতোই আছে।", "Todo sigue ahí.")
        case .troubleDeviceLockedDo: language.choose("Unlock the phone and try again.", "请解锁手机后重试。", "يُرجى فتح قفل الهاتف والمحاولة مجددًا.", "ফোন আনলক করে আবার চেষ্টা করুন।", "Desbloquee el teléfono e inténtelo de nuevo.")
        case .troubleKeyStoreTitle: language.choose("Key store does not answer", "密钥库没有响应", "مخزن المفاتيح لا يستجيب", "চাবির ভাণ্ডার সাড়া দিচ্ছে না", "El almacén de claves no responde")
        case .troubleKeyStoreWhat: language.choose("The phone's key store failed or took too long.", "手机的密钥库出错或耗时过长。", "تعطّل مخزن مفاتيح الهاتف أو تأخر كثيرًا.", "ফোনের চাবির ভাণ্ডার ব্যর্থ হয়েছে বা বেশি সময় নিয়েছে।", "El almacén de claves del teléfono ha fallado o ha tardado demasiado.")
        case .troubleKeyStoreHolds: language.choose("Nothing was lost.", "没有丢失任何内容。", "لم يُفقد شيء.", "কিছুই হারায়নি।", "No se ha perdido nada.")
        case .troubleKeyStoreDo: language.choose("Try again; if it stays so, restart the phone.", "请重试；若仍如此，请重启手机。", "يُرجى المحاولة مجددًا؛ وإن استمر الأمر فيُرجى إعادة تشغيل الهاتف.", "আবার চেষ্টা করুন; একই থাকলে ফোন রিস্টার্ট করুন।", "Inténtelo de nuevo; si sigue igual, reinicie el teléfono.")
        case .troubleStorageFullTitle: language.choose("Storage full", "存储空间已满", "مساحة التخزين ممتلئة", "স্টোরেজ পূর্ণ", "Almacenamiento lleno")
        case .troubleStorageFullWhat: language.choose("The phone has no space left to write.", "手机已没有可写入的空间。", "لم تبق في الهاتف مساحة للكتابة.", "ফোনে লেখার মতো জায়গা নেই।", "Al teléfono no le queda espacio para escribir.")
        case .troubleStorageFullHolds: language.choose("What was stored before is safe.", "之前保存的内容是安全的。", "ما حُفظ من قبل سليم.", "আগে যা রাখা হয়েছে তা নিরাপদ।", "Lo guardado antes está a salvo.")
        case .troubleStorageFullDo: language.choose("Free some space and try again.", "请腾出一些空间后重试。", "يُرجى إخلاء بعض المساحة والمحاولة مجددًا.", "কিছু জায়গা খালি করে আবার চেষ্টা করুন।", "Libere espacio e inténtelo de nuevo.")
        case .troubleStorageFailedTitle: language.choose("Storage failed", "存储出错", "فشل التخزين", "স্টোরেজ ব্যর্থ", "Fallo de almacenamiento")
        case .troubleStorageFailedWhat: language.choose("The phone could not read or write.", "手机无法读取或写入。", "تعذّرت القراءة أو الكتابة على الهاتف.", "ফোন পড়তে বা লিখতে পারেনি।", "El teléfono no ha podido leer o escribir.")
        case .troubleStorageFailedHolds: language.choose("What was stored before is safe.", "之前保存的内容是安全的。", "ما حُفظ من قبل سليم.", "আগে যা রাখা হয়েছে তা নিরাপদ।", "Lo guardado antes está a salvo.")
        case .troubleStorageFailedDo: language.choose("Try again; if it stays so, restart the phone.", "请重试；若仍如此，请重启手机。", "يُرجى المحاولة مجددًا؛ وإن استمر الأمر فيُرجى إعادة تشغيل الهاتف.", "আবার চেষ্টা করুন; একই থাকলে ফোন রিস্টার্ট করুন।", "Inténtelo de nuevo; si sigue igual, reinicie el teléfono.")
        case .troubleNewerVersionTitle: language.choose("App is too old", "应用版本过旧", "التطبيق قديم", "অ্যাপটি পুরোনো", "App anticuada")
        case .troubleNewerVersionWhat: language.choose("A newer version of this app has written the data.", "数据是由本应用的更新版本写入的。", "كتب البياناتِ إصدارٌ أحدث من هذا التطبيق.", "এই অ্যাপের নতুন সংস্করণ ডেটা লিখেছে।", "Una versión más nueva de esta app escribió los datos.")
        case .troubleNewerVersionHolds: language.choose("It was left as it is. Nothing is lost.", "数据保持原样。没有丢失任何内容。", "بقيت كما هي. لم يُفقد شيء.", "যেমন ছিল তেমনই আছে। কিছুই হারায়নি।", "Se dejaron como estaban. No se ha perdido nada.")
        case .troubleNewerVersionDo: language.choose("Update the app.", "请更新应用。", "يُرجى تحديث التطبيق.", "অ্যাপ আপডেট করুন।", "Actualice la app.")
        case .troubleAuthorityUnknownTitle: language.choose("Authority not known", "发证机关未知", "جهة مُصدِرة غير معروفة", "কর্তৃপক্ষ অজানা", "Autoridad desconocida")
        case .troubleAuthorityUnknownWhat: language.choose("What the authority sent is not signed by a key that this app trusts.", "发证机关发来的内容不是由本应用信任的密钥签名的。", "ما أرسلته الجهة المُصدِرة غير موقَّع بمفتاح يثق به هذا التطبيق.", "কর্তৃপক্ষ যা পাঠিয়েছে তা এই অ্যাপের বিশ্বস্ত কোনো চাবি দিয়ে স্বাক্ষরিত নয়।", "Lo que envió la autoridad no está firmado con una clave en la que esta app confíe.")
        case .troubleAuthorityUnknownHolds: language.choose("What you had before stays as it is. Nothing new was stored.", "您原有的内容保持不变。没有保存任何新内容。", "ما كان لديك يبقى كما هو. لم يُحفظ شيء جديد.", "আগে যা ছিল তেমনই আছে। নতুন কিছু রাখা হয়নি।", "Lo que tenía antes queda como está. No se ha guardado nada nuevo.")
        case .troubleAuthorityUnknownDo: language.choose("Use another network, or ask the authority.", "请换一个网络，或联系发证机关。", "يُرجى استخدام شبكة أخرى أو سؤال الجهة المُصدِرة.", "অন্য নেটওয়ার্ক ব্যবহার করুন, অথবা কর্তৃপক্ষকে জিজ্ঞেস করুন।", "Use otra red o pregunte a la autoridad.")
        case .troubleInternalTitle: language.choose("Fault of this app", "本应用出错", "خلل في هذا التطبيق", "এই অ্যাপের ত্রুটি", "Fallo de esta app")
        case .troubleInternalWhat: language.choose("Something went wrong that should not.", "发生了不该发生的错误。", "حدث خطأ ما كان ينبغي أن يحدث.", "এমন কিছু ভুল হয়েছে যা হওয়া উচিত নয়।", "Algo ha fallado que no debería fallar.")
        case .troubleInternalHolds: language.choose("What was stored before is safe.", "之前保存的内容是安全的。", "ما حُفظ من قبل سليم.", "আগে যা রাখা হয়েছে তা নিরাপদ।", "Lo guardado antes está a salvo.")
        case .troubleInternalDo: language.choose("Try again, and please report it.", "请重试，并报告此问题。", "يُرجى المحاولة مجددًا والإبلاغ عن الأمر.", "আবার চেষ্টা করুন, এবং অনুগ্রহ করে জানান।", "Inténtelo de nuevo y, por favor, comuníquelo.")
        }
    }
}

/// A text that hangs on a number. Its raw value is the beginning of its rows' keys in the table.
public enum Plural: String, CaseIterable, Sendable {
    case ageMinutes = "age.minutes"
    case ageHours = "age.hours"
    case ageDays = "age.days"
    case seconds = "seconds"

    /// The beginning of its rows' keys in the table.
    public var key: String { rawValue }

    /// The forms of a language: zero, one, two, few, many, other.
    func forms(_ language: Language) -> [String] {
        switch (self, language) {
        case (.ageMinutes, .english): ["{0} minutes ago", "{0} minute ago", "{0} minutes ago", "{0} minutes ago", "{0} minutes ago", "{0} minutes ago"]
        case (.ageMinutes, .chinese): ["{0} 分钟前", "{0} 分钟前", "{0} 分钟前", "{0} 分钟前", "{0} 分钟前", "{0} 分钟前"]
        case (.ageMinutes, .arabic): ["قبل {0} دقيقة", "قبل دقيقة", "قبل دقيقتين", "قبل {0} دقائق", "قبل {0} دقيقة", "قبل {0} دقيقة"]
        case (.ageMinutes, .bengali): ["{0} মিনিট আগে", "{0} মিনিট আগে", "{0} মিনিট আগে", "{0} মিনিট আগে", "{0} মিনিট আগে", "{0} মিনিট আগে"]
        case (.ageMinutes, .spanish): ["hace {0} minutos", "hace {0} minuto", "hace {0} minutos", "hace {0} minutos", "hace {0} minutos", "hace {0} minutos"]
        case (.ageHours, .english): ["{0} hours ago", "{0} hour ago", "{0} hours ago", "{0} hours ago", "{0} hours ago", "{0} hours ago"]
        case (.ageHours, .chinese): ["{0} 小时前", "{0} 小时前", "{0} 小时前", "{0} 小时前", "{0} 小时前", "{0} 小时前"]
        case (.ageHours, .arabic): ["قبل {0} ساعة", "قبل ساعة", "قبل ساعتين", "قبل {0} ساعات", "قبل {0} ساعة", "قبل {0} ساعة"]
        case (.ageHours, .bengali): ["{0} ঘণ্টা আগে", "{0} ঘণ্টা আগে", "{0} ঘণ্টা আগে", "{0} ঘণ্টা আগে", "{0} ঘণ্টা আগে", "{0} ঘণ্টা আগে"]
        case (.ageHours, .spanish): ["hace {0} horas", "hace {0} hora", "hace {0} horas", "hace {0} horas", "hace {0} horas", "hace {0} horas"]
        case (.ageDays, .english): ["{0} days ago", "{0} day ago", "{0} days ago", "{0} days ago", "{0} days ago", "{0} days ago"]
        case (.ageDays, .chinese): ["{0} 天前", "{0} 天前", "{0} 天前", "{0} 天前", "{0} 天前", "{0} 天前"]
        case (.ageDays, .arabic): ["قبل {0} يوم", "قبل يوم", "قبل يومين", "قبل {0} أيام", "قبل {0} يومًا", "قبل {0} يوم"]
        case (.ageDays, .bengali): ["{0} দিন আগে", "{0} দিন আগে", "{0} দিন আগে", "{0} দিন আগে", "{0} দিন আগে", "{0} দিন আগে"]
        case (.ageDays, .spanish): ["hace {0} días", "hace {0} día", "hace {0} días", "hace {0} días", "hace {0} días", "hace {0} días"]
        case (.seconds, .english): ["{0} seconds", "{0} second", "{0} seconds", "{0} seconds", "{0} seconds", "{0} seconds"]
        case (.seconds, .chinese): ["{0} 秒", "{0} 秒", "{0} 秒", "{0} 秒", "{0} 秒", "{0} 秒"]
        case (.seconds, .arabic): ["{0} ثانية", "ثانية واحدة", "ثانيتين", "{0} ثوانٍ", "{0} ثانية", "{0} ثانية"]
        case (.seconds, .bengali): ["{0} সেকেন্ড", "{0} সেকেন্ড", "{0} সেকেন্ড", "{0} সেকেন্ড", "{0} সেকেন্ড", "{0} সেকেন্ড"]
        case (.seconds, .spanish): ["{0} segundos", "{0} segundo", "{0} segundos", "{0} segundos", "{0} segundos", "{0} segundos"]
        }
    }
}
