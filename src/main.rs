//! Arguments to one command to one exit status.

fn main() {
    println!("{}", qianfa::tr!("app-name"));
}
