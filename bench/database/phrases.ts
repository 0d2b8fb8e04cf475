/** Openings of a customer's message, most frequent first. */
const OPENINGS = [
  'Здравствуйте!',
  'Hello,',
  'Добрый день!',
  'Hi there,',
  'Подскажите, пожалуйста.',
  'Good morning, team.',
  'Доброго времени суток, уважаемая поддержка!',
  'I need some help.',
];

/** What it is about. Also the subject. `%s` is a thing, see {@link THINGS}. */
const PROBLEMS = [
  'Оплата не прошла: %s',
  'Cannot log in to %s',
  'Не пришёл код подтверждения для %s',
  'Logins fail on %s after the update',
  'Возврат денег за %s',
  'The invoice for %s is wrong',
  'Заказ не доставлен: %s',
  'Delivery of %s is late',
  'Ошибка при загрузке: %s',
  'Export of %s stops halfway',
  'Как изменить тариф на %s?',
  'How do I cancel %s?',
  'Приложение закрывается, когда открываю %s',
  'The screen stays white when opening %s',
  'Не могу привязать карту к %s',
  'My card was charged twice for %s',
  'Уведомления не приходят: %s',
  'Notifications about %s never arrive',
  'Прошу удалить мои данные из %s',
  'Please restore my access to %s',
];

/** What it happens to. */
const THINGS = [
  'личный кабинет',
  'мобильное приложение',
  'the dashboard',
  'подписка «Премиум»',
  'the monthly report',
  'годовой тариф',
  'интернет-магазин',
  'the Android app',
  'бонусная карта',
  'the partner portal',
  'электронный чек',
  'a gift certificate',
  'доставка курьером',
  'the webhook settings',
  'расчётный счёт',
  'two-factor authentication',
  'почтовая рассылка',
  'the staging environment',
  'видеозвонок',
  'the billing page',
  'пункт выдачи',
  'the customer archive',
  'кассовый аппарат',
  'the price list',
];

/** What is told about it. */
const DETAILS = [
  'Началось вчера вечером, до этого всё работало без сбоев.',
  'It started yesterday evening; before that everything was fine.',
  'Пробовали перезагрузить телефон и переустановить программу, не помогло.',
  'We restarted the phone and reinstalled the program, to no avail.',
  'В браузере показывается сообщение об ошибке, снимок экрана могу прислать.',
  'The browser shows an error message, I can send a screenshot.',
  'Деньги списались дважды, а в истории операций виден только один платёж.',
  'The money left the account twice, but the history shows one payment only.',
  'Коллеги из другого отдела видят то же самое, значит дело не во мне.',
  'Colleagues from another department see the same, so it is not just me.',
  'Вчера оператор обещал перезвонить, но звонка так и не было.',
  'The operator promised to call back yesterday, but nobody did.',
  'Адрес доставки указан верно, индекс тоже проверили.',
  'The address is right, and we checked the postcode as well.',
  'Очень прошу решить вопрос сегодня, завтра уезжаем в отпуск.',
  'Please solve it today, we are leaving for a holiday tomorrow.',
];

/** How agents answer. */
const ANSWERS = [
  'Спасибо за обращение! Мы проверили платёж: деньги вернутся на карту в течение трёх рабочих дней.',
  'Thank you for writing! We checked the payment: the money will be back on your card within three working days.',
  'Пожалуйста, обновите приложение до последней версии и войдите ещё раз.',
  'Please update the app to the newest version and sign in again.',
  'Передали вопрос в службу доставки, ответим сегодня до вечера.',
  'We have passed the question on to the delivery service and will answer by this evening.',
  'Уточните, пожалуйста, номер телефона, на который оформлен договор.',
  'Could you tell us the phone number of the contract?',
];

/** The building blocks of the loaded messages by kind, in the order of their frequency. */
export const PHRASES = {
  opening: OPENINGS,
  problem: PROBLEMS,
  thing: THINGS,
  detail: DETAILS,
  answer: ANSWERS,
} as const;

/** Searches as people make them: common words and rare ones, other forms than those in the messages, one word and several. */
export const SEARCHES = [
  'оплату',
  'доставка',
  'здравствуйте',
  'login',
  'payments',
  'ошибка приложения',
  'возврат деньги карта',
  'invoice dashboard',
  'код подтверждения',
  'card charged twice',
  'премиум подписка отпуск',
  'screenshot',
  'заказ 48213',
  'order 777',
  'webhook settings',
  'удалить данные',
  'кассовый аппарат сегодня',
  'restore access colleagues',
  'тариф',
  'notifications',
] as const;
