"""The main job in a real browser, from the first look at the demo to a new case on the public site."""

from playwright.sync_api import expect


class TestANewcomer:
    def test_sees_the_real_case_with_its_eleven_filings_and_who_leads(self, demo, open_page):
        page = open_page(demo[0])
        page.goto("/")
        page.get_by_role("link", name="C081").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Meta: use of Facebook and Instagram")
        filings = page.get_by_role("table", name="Filings").get_by_role("rowheader")
        expect(filings).to_have_count(11)
        expect(page.locator("main")).to_contain_text("The Irish DPC leads")
        expect(page.locator("main")).to_contain_text("Art 56(1)")
        page.goto("/filings/C081-07")
        expect(page.locator("main")).to_contain_text(
            "With the Irish DPC, passed on by the Dutch AP no later than 2 September 2024; pending for"
        )

    def test_reads_it_without_scripts_on_a_phone(self, demo, open_page):
        page = open_page(demo[0], width=360, javascript=False)
        for address in (
            "/",
            "/cases",
            "/cases/C081",
            "/filings/C081-07",
            "/authorities",
            "/authorities/ie-dpc",
        ):
            page.goto(address)
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{address} is {overflow} px too wide"

    def test_gets_no_cookie(self, demo, open_page):
        page = open_page(demo[0])
        for address in ("/", "/cases/C081", "/authorities"):
            page.goto(address)
        assert page.context.cookies() == []


class TestTheWholeJob:
    def test_goes_from_the_desk_to_the_public_site(self, demo, open_page, signed_in, tmp_path):
        letter = tmp_path / "answer of the DPC.pdf"
        letter.write_bytes(
            b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
        )

        page = signed_in("advocate", javascript=False)
        page.get_by_role("link", name="Log a case").click()
        page.get_by_label("Title").fill("Example Social: profiles without consent")
        page.get_by_label("Organisation that complains").fill("noyb")
        page.get_by_label("Legal entity").fill("Example Social Ireland Limited")
        page.get_by_label("Countries whose people are affected").fill("EEA")
        page.get_by_label("Country or Land").first.fill("Ireland")
        page.get_by_label("Decides on this processing").first.select_option("yes")
        page.get_by_label("Provision").first.fill("Art. 6 Abs. 1 lit. a DSGVO")
        page.get_by_role("button", name="Open the case").click()
        expect(page.locator("main")).to_contain_text("Art 6(1)(a)")
        number = page.url.rsplit("/", 1)[1]

        page.get_by_role("link", name="Lodge it").click()
        with_whom = (
            "DSB · Austria",
            "CNIL · France",
            "AEPD · Spain",
            "Garante (GPDP) · Italy",
            "DPC · Ireland",
        )
        for one in with_whom:
            page.get_by_label(one).check()
        page.get_by_role("button", name="Look at what would be made").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Lodge {number} with 5 authorities")
        expect(page.locator("main")).to_contain_text("The Irish DPC leads")
        page.get_by_role("button", name="Lodge with 5 authorities").click()
        expect(page.get_by_role("table", name="Filings").get_by_role("rowheader")).to_have_count(5)

        page.goto(f"/desk/filings/{number}-01")
        page.get_by_role("link", name="Record an update").click()
        page.get_by_label("Step").select_option("acknowledged")
        page.get_by_label("Day", exact=False).first.fill(
            page.evaluate("new Date().toISOString().slice(0, 10)")
        )
        page.get_by_label("Who acted").fill("DSB · Austria")
        page.get_by_label("Words for the file").fill("The DSB confirms receipt under D124.0001.")
        page.get_by_label("Words for the public").fill("The Austrian authority confirms receipt.")
        page.get_by_label("Number of the authority").fill("D124.0001")
        page.get_by_label("Files").set_input_files(letter)
        page.get_by_role("button", name="Record on 1 filing").click()
        expect(page.locator("main")).to_contain_text("answer of the DPC.pdf")
        expect(page.locator("main")).to_contain_text("Receipt confirmed")

        page.goto(f"/desk/cases/{number}/publication")
        page.get_by_role("button", name="Propose for the public").click()
        expect(page.locator("main")).to_contain_text("Proposed")
        visitor = open_page(demo[0])
        visitor.goto(f"/cases/{number}")
        expect(visitor.get_by_role("heading", level=1)).not_to_contain_text("Example Social")

        editor = signed_in("editor", javascript=False)
        editor.get_by_role("link", name=number, exact=True).first.click()
        expect(editor.locator("main")).to_contain_text("The Austrian authority confirms receipt.")
        editor.get_by_role("button", name="Clear for the public").click()
        expect(editor.locator("main")).to_contain_text("Public since")

        visitor.goto(f"/cases/{number}")
        expect(visitor.get_by_role("heading", level=1)).to_contain_text(
            "Example Social: profiles without consent"
        )
        expect(visitor.locator("main")).to_contain_text("The Austrian authority confirms receipt.")
        expect(visitor.locator("main")).not_to_contain_text("D124.0001")

        # Without a reason nothing goes; one is chosen beside the button.
        editor.get_by_role("button", name="Withdraw from the public").click()
        expect(editor.locator("main")).to_contain_text("Say why in the note, or choose a reason.")
        assert visitor.goto(f"/cases/{number}").status == 200
        withdrawal = editor.locator("form", has=editor.get_by_role("button", name="Withdraw from the public"))
        withdrawal.get_by_label("Why").select_option(label="it is wrong")
        withdrawal.get_by_role("button", name="Withdraw from the public").click()
        expect(editor.locator("main")).to_contain_text("Withdrawn")
        assert visitor.goto(f"/cases/{number}").status == 410


class TestTheKeyboardAlone:
    def test_signs_in_and_reaches_a_case(self, demo, open_page):
        address, passwords = demo
        page = open_page(address)
        page.goto("/desk/sign-in")
        page.get_by_label("E-mail address").focus()
        page.keyboard.type("reader@demo.example")
        page.keyboard.press("Tab")
        page.keyboard.type(passwords["reader"])
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to the content")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.closest('main') !== null")
        assert focused, "the skip link leads into the content"
