// Elements from text alone: what an entry says never becomes markup.

const page = id => document.getElementById(id);
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === 'onclick') node.addEventListener('click', value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined));
  return node;
}
const bdi = text => el('bdi', {}, visible(text));
const code = text => el('code', {}, visible(text));
const shortID = id => id ? id.slice(0, 8) : '';
const day = time => time ? time.slice(0, 10) : '';
const minute = time => el('time', {datetime: time, title: time}, time.slice(0, 10) + '\u00a0' + time.slice(11, 16));
const unproved = (kind, id) => el('span', {class: 'unproved', title: id ?? ''}, kind + ' ' + shortID(id) + ' (name not proved)');
function table(columns, rows, caption) {
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption}, el('table', {},
    el('caption', {class: 'aside'}, caption),
    el('thead', {}, el('tr', {}, columns.map(column => el('th', {scope: 'col', class: column.startsWith('#') ? 'n' : null}, column.replace('#', ''))))),
    el('tbody', {}, rows.map(row => el('tr', {}, row.map((cell, i) =>
      el(i === 0 ? 'th' : 'td', i === 0 ? {scope: 'row'} : {class: columns[i].startsWith('#') ? 'n' : null}, cell)))))));
}
function fill(id, content) {
  const section = page(id);
  section.querySelector('.body').replaceChildren(...[content].flat());
  section.hidden = false;
}
const none = text => el('p', {class: 'quiet'}, text);
