"""What both address sections are tried with."""

GOOD = {
    "postcode": "3512 JE",
    "house_number": "7",
    "addition": "",
    "street": "Domplein",
    "city": "Utrecht",
    "abroad": "",
}
VALUE = {"postcode": "3512 JE", "house_number": 7, "addition": "", "street": "Domplein", "city": "Utrecht"}

# (what is typed over the good address, what is asked for over its value)
TYPED = [
    ({}, {}),
    ({"house_number": "7 b"}, {"addition": "b"}),
    ({"house_number": "7b"}, {"addition": "b"}),
    ({"house_number": "7-2"}, {"addition": "2"}),
    ({"house_number": "7 bis"}, {"addition": "bis"}),
    ({"house_number": " 7 "}, {}),
    ({"house_number": "٧"}, {}),
    ({"addition": "A"}, {"addition": "A"}),
    ({"street": "Domplein 7"}, {}),
    ({"street": "Domplein 7b", "house_number": "7b"}, {"addition": "b"}),
    ({"street": "Domplein  7 b", "house_number": "7", "addition": "b"}, {"addition": "b"}),
    ({"street": "Plein 1944", "house_number": "7"}, {"street": "Plein 1944"}),
    ({"street": "1e Oosterparkstraat"}, {"street": "1e Oosterparkstraat"}),
    ({"street": "Burgemeester d’Ailly-Øresundkade"}, {"street": "Burgemeester d’Ailly-Øresundkade"}),
    ({"city": "  's-Gravenhage "}, {"city": "'s-Gravenhage"}),
    ({"postcode": "3512je"}, {}),
    ({"postcode": "3512  JE"}, {}),
    ({"postcode": "3512-je"}, {}),
    ({"postcode": "3512.JE"}, {}),
]
WRONG = [
    ({"postcode": "3512"}, "Vul een postcode in met 4 cijfers en 2 letters. Bijvoorbeeld 3581 KB."),
    ({"postcode": "3٥12 JE"}, "Vul een postcode in met 4 cijfers en 2 letters."),
    ({"postcode": "0512 JE"}, "Vul een postcode in met 4 cijfers en 2 letters."),
    ({"postcode": "3512 SS"}, "Vul een postcode in met 4 cijfers en 2 letters."),
    ({"postcode": "JE 3512"}, "Vul een postcode in met 4 cijfers en 2 letters."),
    ({"postcode": ""}, "Vul de postcode in."),
    ({"house_number": ""}, "Vul het huisnummer in."),
    ({"house_number": "b"}, "Vul het huisnummer in."),
    ({"house_number": "9999999"}, "Vul het huisnummer in."),
    ({"house_number": "-1"}, "Vul het huisnummer in."),
    ({"street": " "}, "Vul de straat in."),
    ({"city": ""}, "Vul de plaats in."),
    ({"street": "x" * 101}, "Dit is te lang."),
    ({"addition": "x" * 11}, "Dit is te lang."),
    ({"outside": "y", "abroad": ""}, "Vul het adres in."),
    ({"outside": "y", "abroad": "x" * 301}, "Dit is te lang."),
    ({"city": "Utre\x00cht"}, "Er staat een teken in dat we niet kunnen bewaren"),
]
