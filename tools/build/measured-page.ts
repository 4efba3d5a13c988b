const MEASURED = /(?<=<!-- measured -->\n\n)[\s\S]*?(?=\n\n<!-- end -->)/

/** The tables that a page of the documentation holds between its marks. */
export function measuredIn(page: string): string | undefined {
  return MEASURED.exec(page)?.[0]
}

/** A page with other tables. */
export function withMeasured(page: string, report: string): string {
  return page.replace(MEASURED, () => report)
}
