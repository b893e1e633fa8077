"""Draw the icons of the app: the kite, and the two shortcuts. Run by hand; the results are committed.

.venv/bin/python tools/draw_icons.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).resolve().parent.parent / "app" / "static" / "icons"
MINT, WHITE, INK = "#CBE8DB", "#FFFFFF", "#18223A"
YELLOW, BLUE, RED, GREEN = "#FFC52E", "#2A3FA8", "#E8604C", "#17714A"

# The kite in a square of 26 (the drawing in templates/components/icons/kite.svg): four sails round one cross.
TOP, LEFT, RIGHT, BOTTOM, CROSS = (13, 1.5), (4.5, 11), (21.5, 11), (13, 24.5), (13, 11)
SAILS = (
    ((TOP, RIGHT, CROSS), YELLOW),
    ((TOP, CROSS, LEFT), BLUE),
    ((CROSS, RIGHT, BOTTOM), RED),
    ((LEFT, CROSS, BOTTOM), GREEN),
)
FINE = 4  # drawn larger and scaled down: Pillow's polygons have hard edges


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    icon(192, share=0.74, corner=0.22).save(TARGET / "icon-192.png", optimize=True)
    icon(512, share=0.74, corner=0.22).save(TARGET / "icon-512.png", optimize=True)
    # A launcher may cut everything outside the middle 80 %; a phone of Apple cuts the corners itself.
    icon(512, share=0.6).save(TARGET / "icon-maskable-512.png", optimize=True)
    icon(180, share=0.7).convert("RGB").save(TARGET / "apple-180.png", optimize=True)
    icon(64, share=0.86, corner=0.22).save(TARGET / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    shortcut(card_drawing).save(TARGET / "shortcut-details-96.png", optimize=True)
    shortcut(calendar_drawing).save(TARGET / "shortcut-attendance-96.png", optimize=True)
    (TARGET / "icon-mono.svg").write_text(svg(one_colour()))
    (TARGET / "favicon.svg").write_text(svg(coloured()))


def icon(size, *, share, corner=0.0):
    image, draw = canvas(size, corner)
    scale = size * FINE * share / 23
    middle = size * FINE / 2
    for points, colour in SAILS:
        draw.polygon([(middle + (x - 13) * scale, middle + (y - 13) * scale) for x, y in points], fill=colour)
    return image.resize((size, size), Image.LANCZOS)


def shortcut(drawing):
    image, draw = canvas(96, 0.5)
    drawing(draw, 96 * FINE / 24)
    return image.resize((96, 96), Image.LANCZOS)


def canvas(size, corner):
    image = Image.new("RGBA", (size * FINE, size * FINE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    edge = size * FINE - 1
    draw.rounded_rectangle((0, 0, edge, edge), radius=edge * corner, fill=MINT)
    return image, draw


def card_drawing(draw, unit):
    draw.rounded_rectangle(box(5, 7, 19, 17, unit), radius=1.6 * unit, fill=WHITE, outline=INK, width=int(unit))
    draw.ellipse(box(7.2, 9.4, 10.4, 12.6, unit), fill=BLUE)
    draw.rounded_rectangle(box(12.4, 9.8, 16.8, 11, unit), radius=unit / 2, fill=INK)
    draw.rounded_rectangle(box(12.4, 12.8, 16.8, 14, unit), radius=unit / 2, fill=INK)


def calendar_drawing(draw, unit):
    draw.rounded_rectangle(box(6, 6.5, 18, 18, unit), radius=1.6 * unit, fill=WHITE, outline=INK, width=int(unit))
    draw.rectangle(box(6.5, 9.4, 17.5, 10.3, unit), fill=INK)
    points = [(9.2, 13.6), (11.2, 15.6), (15, 11.9)]
    draw.line([(x * unit, y * unit) for x, y in points], fill=GREEN, width=int(1.3 * unit), joint="curve")


def box(left, top, right, bottom, unit):
    return (left * unit, top * unit, right * unit, bottom * unit)


def svg(body):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26">{body}</svg>\n'


def coloured():
    return "".join(
        f'<path d="M{" ".join(f"{x:g} {y:g}" for x, y in points)}z" fill="{colour}"/>' for points, colour in SAILS
    )


def one_colour():
    """A launcher tints it, so the sails are told apart by the lines cut out between them."""
    outline = " ".join(f"{x:g} {y:g}" for x, y in (TOP, RIGHT, BOTTOM, LEFT))
    cut = '<path d="M13 0v26M0 11h26" stroke="#000" stroke-width=".9"/>'
    return f'<mask id="m"><path d="M{outline}z" fill="#fff"/>{cut}</mask><path d="M0 0h26v26H0z" mask="url(#m)"/>'


if __name__ == "__main__":
    main()
