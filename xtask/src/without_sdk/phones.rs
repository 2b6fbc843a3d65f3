//! The phones: what Android's and iOS's shells are made of, tested as far as a Linux machine can.

mod android;
mod ios;
mod jdk;
mod versions;

use super::cross;
use crate::bindings::{self, Flavor};
use crate::kotlin::Maven;
use crate::shell::say;
use crate::swift::Swift;
use crate::test::report::{self, Report};
use crate::texts;
use std::thread;

/// `cargo xtask phones [--all]`: with `all` the library is linked for each of Android's processors.
pub(crate) fn command(all: bool) -> bool {
    let (mut of_android, mut of_ios) = (Report::new("android"), Report::new("ios"));
    let mut of_cross = Report::new("cross");
    let ready = texts::make().and_then(|()| bindings::make(Flavor::Contract));
    if let Err(why) = ready {
        say(&why);
        of_cross.step("cargo xtask bindings contract", false);
        return report::finish(&[of_cross]);
    }
    thread::scope(|scope| {
        // Linking keeps one core busy for minutes, beside what mostly waits or runs on the other.
        let linked = scope.spawn(|| bindings::make(Flavor::Ship).map(|()| cross::phones(all)));
        match Swift::find_or_install() {
            Ok(swift) => ios::run(&mut of_ios, &swift),
            Err(why) => of_ios.missing([why]),
        }
        match Maven::find_or_install() {
            Ok(maven) => android::tests(&mut of_android, &maven),
            Err(why) => of_android.missing([why]),
        }
        match linked.join() {
            Ok(Ok(Ok(steps))) => {
                for (step, succeeded) in steps {
                    of_cross.step(&step, succeeded);
                }
            }
            Ok(Ok(Err(why))) => of_cross.missing([why]),
            Ok(Err(why)) => {
                say(&why);
                of_cross.step("cargo xtask bindings ship", false);
            }
            Err(_) => of_cross.step("a build broke off", false),
        }
    });
    report::finish(&[of_android, of_ios, of_cross])
}
