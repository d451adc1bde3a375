"""Invented names: real forenames from many places, surnames nobody bears."""

from __future__ import annotations

from attendance.demo.arrays import Rng

GIRLS = (
    "Aaliyah Abena Adanna Agnieszka Aisha Alma Amara Amina Anneke Anoushka Ayla Beatrix Bronwen "
    "Carys Chiara Chidinma Dalia Daniela Defne Elodie Elif Esme Fatima Fenella Freya Gabriela "
    "Halima Hana Hinemoa Imani Ines Ingrid Iona Isla Jaya Kaya Keziah Kiri Lakshmi Leilani Lina "
    "Lowri Maja Malia Maryam Mei Mina Nadia Naomi Niamh Noor Nyah Oluchi Orla Parveen Priya Quyen "
    "Rania Roisin Rosa Saanvi Safiya Sakura Sian Sofija Tamsin Thandi Tola Uma Vaida Wren Xanthe "
    "Yara Yasmin Zainab Zofia"
).split()
BOYS = (
    "Abdul Adeyemi Aled Amir Anders Arjun Aryan Ayaan Bartek Bilal Bran Caspian Chidi Cormac "
    "Danyal Declan Dev Diego Ebrahim Eirik Elias Emeka Emre Ewan Farhan Finlay Gareth Gethin "
    "Hamza Haruki Hugo Idris Imran Ioan Isaac Ivo Jamal Jakub Jin Kai Karol Kofi Kwame Laszlo "
    "Lennox Luca Mateo Mihai Musa Nikhil Obi Omar Oscar Otis Pavel Quentin Rafael Rhys Ronan "
    "Rohan Samir Seren Sipho Soren Tadeusz Taro Tomos Udo Usman Viktor Wasim Xavi Yusuf Zain Zeki"
).split()
SHORT = {
    "Aaliyah": "Liyah", "Agnieszka": "Aga", "Anoushka": "Noush", "Beatrix": "Bea",
    "Bronwen": "Bron", "Chidinma": "Chichi", "Daniela": "Dani", "Gabriela": "Gabi",
    "Hinemoa": "Hina", "Keziah": "Kez", "Lakshmi": "Lucky", "Tamsin": "Tam", "Yasmin": "Yas",
    "Adeyemi": "Ade", "Bartek": "Bart", "Caspian": "Cas", "Danyal": "Dan", "Ebrahim": "Ebby",
    "Emeka": "Mex", "Finlay": "Fin", "Laszlo": "Laz", "Nikhil": "Nik", "Quentin": "Quen",
    "Rafael": "Raf", "Tadeusz": "Tad", "Viktor": "Vik",
}  # fmt: skip
FIRST_PARTS = (
    "Amber Bramble Bumble Cinder Clover Cobble Copper Cuckoo Dapple Ember Feather Fern Fiddle "
    "Fox Gander Glimmer Goose Hazel Heather Hobble Honey Inkle Juniper Kettle Lantern Lark Maple "
    "Marrow Meadow Mole Moon Mulberry Nettle Nimble Oat Otter Parsley Pebble Pepper Puddle Quill "
    "Rowan Saffron Sorrel Sparrow Star Tansy Thimble Thistle Tumble Velvet Whisker Willow Winkle"
).split()
SECOND_PARTS = (
    "bell berry bottom brook button dew down fable feather field garth gate hollow horn lock "
    "loft mantle march mere moss nook pipe raker rake root shade shaw song spindle sprig spur "
    "stitch strand thorn thwaite tide wand whistle wick wing worth wren"
).split()


def surnames(rng: Rng, count: int) -> list[str]:
    """``count`` surnames, all different while the 2,000 or so combinations last."""
    every = [a + b for a in FIRST_PARTS for b in SECOND_PARTS if not a.lower().endswith(b)]
    order = rng.permutation(len(every))
    return [every[order[k % len(every)]] for k in range(count)]


def forename(rng: Rng, sex: str) -> str:
    """A forename for a girl ('F') or a boy ('M')."""
    names = GIRLS if sex == "F" else BOYS
    return names[int(rng.integers(len(names)))]


def short_name(rng: Rng, given: str) -> str:
    """What the pupil likes to be called, or '' (most have no other name)."""
    return SHORT.get(given, "") if rng.random() < 0.6 else ""
