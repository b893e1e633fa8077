"""Names of people who do not exist, as they stand side by side in a Dutch school."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """First names and surnames that go together; `weight` is how often a family of the demo has them."""

    weight: int
    girls: list[str]
    boys: list[str]
    women: list[str]
    men: list[str]
    surnames: list[str]  # "van der Berg": what begins with a small letter is the prefix
    looks: tuple[int, ...]  # of the drawn faces (avatar.css)


ORIGINS = [
    Origin(
        58,
        "Saar Fenna Mila Tess Lieke Evi Roos Jip Liv Fleur Norah Juul Sophie Pien Lotte Sanne Maud Elin Puck Hanna "
        "Vera Loïs Feline Guusje Merel Jasmijn Floor Nina Yara Veerle Bente".split(),
        "Daan Bram Finn Levi Luuk Thijs Mees Sam Milan Ties Jesse Siem Teun Gijs Hugo Stijn Lars Ruben Floris Koen "
        "Owen Boaz Jurre Pepijn Mats Abel Vince Cas Joris Tobias Rens".split(),
        "Marieke Anouk Sanne Femke Esther Inge Marloes Linda Judith Kim Ilse Nienke Karin Mirjam Suzanne Eline Wendy "
        "Hanneke Petra Astrid Roos Laura Manon Chantal Monique Jolanda Iris Simone".split(),
        "Mark Bas Peter Wouter Tim Rob Jasper Martijn Sander Erik Dennis Maarten Niels Paul Arjan Rik Frank "
        "Michiel Stefan Hendrik Joost Remco Pieter Vincent Thomas Marcel".split(),
        "de Jong|Jansen|de Boer|Visser|Smit|Meijer|van Dijk|Mulder|Bosman|van den Heuvel|Hendriks|Dekker|Brouwers|"
        "van Leeuwen|Koster|Prins|Peeters|van der Veen|Kuipers|Schouten|Postma|Verhoeven|van Vliet|Hoekstra|"
        "Willems|van der Linden|Wagenaar|Blom|Kramer|Scholten|Verbeek|van Rijn|Timmers|ter Horst|Molenaar|Gerritsen|"
        "van 't Hof|Zijlstra|Drost|Evers|in 't Veld|Roelofs|Sanders|op den Camp|Terpstra|Wolters".split("|"),
        (0, 1, 2, 4, 6),
    ),
    Origin(
        10,
        "Zeynep Elif Defne Azra Ecrin Nisa Eylül Melek Asya Hiranur".split(),
        "Emir Yusuf Kerem Mert Eymen Ömer Arda Çınar Kaan Berat".split(),
        "Ayşe Fatma Sevgi Gülsüm Derya Esra Hülya Özlem Meryem Nazlı".split(),
        "Mehmet Mustafa Hasan Murat Serkan Ali Orhan İbrahim Tolga Cem".split(),
        "Yılmaz|Kaya|Demir|Şahin|Çelik|Aydın|Öztürk|Arslan|Doğan|Koç|Kurt|Aksoy".split("|"),
        (0, 1, 7),
    ),
    Origin(
        10,
        "Amina Safae Nour Yasmin Hiba Malak Imane Rania Salma Douae".split(),
        "Adam Ilyas Younes Bilal Amin Zakaria Rayan Anas Sami Ayoub".split(),
        "Fatima Naima Samira Khadija Hanan Karima Souad Latifa Nadia Ikram".split(),
        "Mohamed Rachid Youssef Hicham Karim Abdel Said Driss Mounir Tarik".split(),
        "El Amrani|Bouzid|Benali|Aziz|El Idrissi|Ouali|Chakir|Tahiri|Amezian|Boukhari|El Khatib|Zerouali".split("|"),
        (1, 3, 7),
    ),
    Origin(
        6,
        "Zofia Hania Lena Maja Oliwia Alicja".split(),
        "Antoni Jakub Filip Szymon Kacper Wojtek".split(),
        "Agnieszka Katarzyna Magda Ewa Joanna Beata".split(),
        "Tomasz Piotr Marcin Łukasz Krzysztof Rafał".split(),
        "Wójcik|Mazur|Zając|Dudek|Sikora|Pawlak|Wróbel|Kubiak".split("|"),
        (0, 2, 4, 6),
    ),
    Origin(
        6,
        "Shanaya Naomi Dewi Jada Anjali Soraya Kiara Amisha".split(),
        "Jayden Rohan Dylan Kenji Ravi Shaquille Aryan Quincy".split(),
        "Sharda Cynthia Marlène Radha Joan Sherida Usha Muriël".split(),
        "Radjin Stanley Romeo Anand Humphrey Ricardo Sanjay Clyde".split(),
        "Ramdin|Kalpoe|Sewnath|Pinas|Jubitana|Codrington|Baldew|Landveld".split("|"),
        (3, 5, 7),
    ),
    Origin(
        4,
        "Daryna Solomiia Zlata Anhelina".split(),
        "Maksym Tymofii Danylo Matvii".split(),
        "Oksana Iryna Nataliia Olena".split(),
        "Andrii Serhii Oleh Taras".split(),
        "Kovalenko|Bondarenko|Shevchuk|Marchenko|Lysenko|Tkachuk".split("|"),
        (0, 2, 6),
    ),
    Origin(
        3,
        "Layan Rima Sidra Jana".split(),
        "Omar Karam Jad Laith".split(),
        "Rasha Hala Lina Maysoun".split(),
        "Khaled Bassel Firas Nabil".split(),
        "Al Masri|Darwish|Khoury|Sabbagh|Haidar".split("|"),
        (1, 7),
    ),
    Origin(
        3,
        "Abena Adjoa Selam Hanna".split(),
        "Kwame Kofi Yonas Samuel".split(),
        "Akosua Esther Senait Grace".split(),
        "Kwabena Daniel Tesfay Emmanuel".split(),
        "Mensah|Boateng|Owusu|Tesfaye|Haile".split("|"),
        (3, 5),
    ),
]

# Streets of a quarter that is on no map, each with its postcode.
STREETS = [
    ("Lindelaan", "3581 KB"), ("Kerkstraat", "3581 RD"), ("Vliegerpad", "3582 AC"), ("Kastanjestraat", "3582 AK"),
    ("Zandhofplein", "3582 BN"), ("Torenweg", "3583 CR"), ("Oude Singel", "3583 CX"), ("Meidoornstraat", "3583 EK"),
    ("Van Halenlaan", "3584 AB"), ("Windmolenkade", "3584 BL"), ("Hofstede", "3584 CM"), ("Grutterij", "3585 PA"),
    ("Bakkerstraat", "3585 PK"), ("Pastoor Rensstraat", "3585 TN"), ("Wilgenpad", "3571 BA"), ("Rietgors", "3571 CD"),
    ("IJsvogellaan", "3571 GE"), ("Koningsdreef", "3572 HK"), ("Tuinwijkstraat", "3572 LM"), ("Sterrenhof", "3572 NP"),
    ("Maanstraat", "3573 AR"), ("Zonneweide", "3573 BS"), ("Ambachtsplein", "3573 CT"), ("Veldzicht", "3573 GV"),
]  # fmt: skip

DOCTORS = [
    "Huisartsen Zandhof",
    "Praktijk Oude Singel",
    "Dokter Van Aalst",
    "Gezondheidscentrum De Molen",
    "Huisarts Rengers",
]
DENTISTS = ["Tandartsen Torenweg", "Praktijk Kiesenzo", "Tandarts Van Loon", "Mondzorg Hofstede"]
INSURERS = ["Zorgkring", "De Bilt Onderling", "Helder Zorg", "Noord en Zuid"]
DIETS = [
    "Eet geen varkensvlees.",
    "Eet vegetarisch.",
    "Alleen halal.",
    "Geen koemelk, wel havermelk.",
    "Eet glutenvrij.",
]
ALLERGIES = [
    "Pinda. Ook geen sporen van pinda.",
    "Bijen en wespen.",
    "Noten.",
    "Koemelk.",
    "Penicilline.",
    "Huisstofmijt.",
]
MEDICATION = [
    "Ventolin bij benauwdheid, ligt bij de juf.",
    "EpiPen in de gymtas en in de klas.",
    "Zyrtec in het voorjaar.",
]
THIRD_PARTIES = [
    ("oma", "women"), ("opa", "men"), ("tante", "women"), ("oom", "men"), ("oppas", "women"), ("buurvrouw", "women"),
    ("buurman", "men"), ("vriendin", "women"), ("gastouder", "women"),
]  # fmt: skip
PLACES = ["Utrecht"] * 14 + ["Nieuwegein", "Amersfoort", "Zeist", "Amsterdam", "Houten", "Rotterdam", "Woerden"]

# The girls among those whom the demo names itself, and who of them has which of the darker looks.
NAMED_GIRLS = set("Noor Lise Imani Fenna Zeynep Julia Nova Ilham Puck Joy Asel Mila Rosa".split())
NAMED_LOOKS = {
    "Noor": (0,),
    "Sem": (2,),
    "Imani": (3, 7),
    "Amir": (1, 7),
    "Zeynep": (1,),
    "Ömer": (1, 7),
    "Ilham": (7, 1),
}
NAMED_LOOKS |= {"Joy": (5,), "Idris": (5,), "Asel": (1, 7)}
